result = (
    Customer.objects.annotate(spent=Sum("order__total", filter=Q(order__status="paid")))
    .filter(spent__gt=0)
    .order_by("-spent", "id")
    .values("name", "city", "spent")[:10]
)
