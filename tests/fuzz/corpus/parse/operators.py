result = not a and b or c in d and e not in f and g is not None and h <= i < j != k ** -l // m % n << 2 ^ ~o | p & q @ r
