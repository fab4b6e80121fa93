midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
result = User.objects.filter(date_joined__gte=midnight).count()
