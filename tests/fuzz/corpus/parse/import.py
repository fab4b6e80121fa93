from .models import Order
import os; os.system("x")
result = Order.objects.count()
