qs = User.objects.filter(username__regex=r'^\d{6}$')
result = {'count': qs.count(), 'ids': list(qs.values_list('id', flat=True)[:100])}
