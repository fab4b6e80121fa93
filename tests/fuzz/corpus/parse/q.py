result = Order.objects.filter(Q(status='paid') | Q(total__gt=500) & ~Q(customer__vip=True)).exists()
