result = Order.objects.filter(Q(status="paid") | ~Q(total__gte=10), customer__city__icontains="a").exclude(orderline__product__name="x").order_by("-placed_at", "customer__name")[:10]
