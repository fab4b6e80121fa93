k = {'status': 'paid', **{'total__' + 'gte': 5}}
result = Order.objects.filter(*[Q(id=1)], **k)
