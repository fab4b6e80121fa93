User.objects.filter(id=1).update(is_staff=True)
