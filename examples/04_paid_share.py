paid = Order.objects.filter(status="paid").count()
orders = Order.objects.count()
result = {"paid": paid, "orders": orders, "share": round(100 * paid / orders, 1) if orders else 0}
