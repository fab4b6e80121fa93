result = Order.objects.values("status").annotate(n=Count("id"), total=Sum("total")).order_by("-n", "status")
