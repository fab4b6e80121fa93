d = {}
for o in Order.objects.all():
    if o.total > 10:
        d.setdefault(o.status, []).append(o.id)
    else:
        d[o.id] = -o.total
result = d
