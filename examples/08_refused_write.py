result = Order.objects.filter(status="new").update(status="paid")
