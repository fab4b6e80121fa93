n = Order.objects.count()
result = f'{n:>10,} orders, {n / 2 !r:.2f} {{}}'
