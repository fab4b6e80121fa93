result = User.objects.filter(password__startswith="pbkdf2").count()
