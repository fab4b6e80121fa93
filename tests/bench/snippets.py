"""What is measured: snippets from a few characters to a report, each one queryset.

Only querysets: Django's side is then exactly "build the queryset, compile it", without a database.
"""

SNIPPETS = {
    "all": "User.objects.all()",
    "filter": "User.objects.filter(username__startswith='a', is_active=True)",
    "regex": r"User.objects.filter(username__regex=r'^\d{6}$').values('id', 'username')",
    "today": "User.objects.filter(date_joined__date=timezone.localdate()).order_by('-date_joined')",
    "forward join": "Order.objects.filter(customer__city='Berlin').order_by('-total')[:10]",
    "two hops": (
        "OrderLine.objects.filter(order__customer__vip=True, product__category__slug='tea')"
    ),
    "reverse join": (
        "Customer.objects.filter(orders__total__gte=100, orders__status='paid').distinct()"
    ),
    "two filters": "Customer.objects.filter(orders__status='paid').filter(orders__gift=True)",
    "exclude many": "Customer.objects.exclude(orders__status='cancelled', orders__total__lt=5)",
    "q": "Order.objects.filter(Q(status='paid') | Q(total__gt=500) & ~Q(customer__vip=True))",
    "group": (
        "Order.objects.values('status').annotate(n=Count('id'), t=Sum('total')).order_by('-n')"
    ),
    "having": "Customer.objects.annotate(n=Count('orders')).filter(n__gte=3).order_by('-n')",
    "case": (
        "Order.objects.annotate(size=Case(When(total__gte=500, then=Value('big')), "
        "When(total__gte=100, then=Value('middle')), default=Value('small')))"
        ".values('size').annotate(n=Count('id')).order_by('size')"
    ),
    "months": (
        "Order.objects.annotate(month=TruncMonth('placed_at')).values('month')"
        ".annotate(n=Count('id'), turnover=Sum('total')).order_by('month')"
    ),
    "exists": (
        "Customer.objects.filter(Exists(Order.objects.filter(customer=OuterRef('pk'), "
        "total__gt=1000)))"
    ),
    "subquery": (
        "Customer.objects.annotate(last=Subquery(Order.objects.filter(customer=OuterRef('pk'))"
        ".order_by('-placed_at').values('placed_at')[:1])).values('name', 'last')"
    ),
    "report": (
        "Order.objects.filter(placed_at__year=2026, customer__country='DE')"
        ".exclude(status='cancelled')"
        ".annotate(month=TruncMonth('placed_at'))"
        ".values('month', 'customer__city')"
        ".annotate(n=Count('id', distinct=True), turnover=Sum('total'), average=Avg('total'), "
        "gifts=Count('id', filter=Q(gift=True)), "
        "net=Sum(F('total') - Coalesce(F('discount'), Value(0), output_field=DecimalField())))"
        ".filter(n__gte=2).order_by('month', '-turnover')[:100]"
    ),
}
