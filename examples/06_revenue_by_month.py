result = (
    Order.objects.filter(status="paid")
    .annotate(month=TruncMonth("placed_at"))
    .values("month")
    .annotate(revenue=Sum("total"))
    .order_by("month")
)
