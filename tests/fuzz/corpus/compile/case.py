result = Product.objects.annotate(band=Case(When(price__lt=10, then=Value("low")), default=Value("high"))).aggregate(a=Avg("price"), m=Max("stock"))
