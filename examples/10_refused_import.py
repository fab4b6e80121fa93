from os import environ

result = Order.objects.count()
