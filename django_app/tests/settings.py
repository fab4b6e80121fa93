"""The example site, with models of every kind that a manifest must survive."""

import os

os.environ.setdefault("ORMC_TOKEN_KEY", "test-key-" + "k" * 40)

from example_site.settings import *  # noqa: F403
from example_site.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.exotic"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
