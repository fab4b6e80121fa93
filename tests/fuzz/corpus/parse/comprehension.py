result = {c.name: [o.total for o in c.orders.all() if o.total] for c in Customer.objects.all()[:5]}
