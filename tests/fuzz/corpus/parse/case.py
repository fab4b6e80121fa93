result = Order.objects.annotate(size=Case(When(total__gte=500, then=Value('big')), default=Value('small')))
