result = User.objects.count()
