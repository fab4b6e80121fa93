result = [1_000, 0x1f, 1e-3, 1.5j, b"\x00", """a
b""", r"\d", None, True, ..., (1,), {1, 2}, {**a}, a[1:2:3], a if b else c, lambda x: x]
