while True:
    pass
def f(x): return x
class A: pass
try:
    x = 1
except: pass
