a = Customer.objects.get(id=1)
b = Product.objects.first()
result = (a.name, b, Order.objects.filter(customer=a).exists(), Tag.objects.in_bulk([1, 2]))
