"""A Python with Django and nothing else: on PYTHONPATH of one test's process."""

import sys

for name in ("jwt", "cryptography", "psycopg", "psycopg2"):
    sys.modules[name] = None
