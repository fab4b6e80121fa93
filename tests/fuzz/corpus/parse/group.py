result = list(Order.objects.values('status').annotate(n=Count('id'), t=Sum('total')).order_by('-n'))
