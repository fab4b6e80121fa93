result = Order.objects.annotate(r=Window(Rank(), partition_by=['customer'], order_by=F('total').desc()))
