result = User.objects.filter(date_joined__date=timezone.localdate()).count()
