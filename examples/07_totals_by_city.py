totals = {}
for order in Order.objects.select_related("customer"):
    city = order.customer.city
    totals[city] = totals.get(city, 0) + order.total
result = totals
