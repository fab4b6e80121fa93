result = Customer.objects.filter(order__isnull=True).values("name", "email")
