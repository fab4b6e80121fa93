today = timezone.now().date()
totals = {}
for o in Order.objects.filter(placed_at__date=today):
    if o.total > 10:
        totals.setdefault(o.customer.name, []).append(o.total)
result = [f"{k}: {sum(v):,.2f}" for k, v in totals.items() if v] or None
