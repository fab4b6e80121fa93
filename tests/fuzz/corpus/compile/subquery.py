last = Order.objects.filter(customer=OuterRef("pk")).order_by("-id").values("total")[:1]
result = Customer.objects.annotate(last=Subquery(last), has=Exists(Order.objects.filter(customer=OuterRef("pk")))).filter(has=True).values_list("name", "last")
