result = Order.objects.values("customer__city", m=TruncMonth("placed_at")).annotate(n=Count("id", distinct=True), t=Sum(F("total") * 2, filter=Q(note__isnull=False))).filter(n__gt=3)
