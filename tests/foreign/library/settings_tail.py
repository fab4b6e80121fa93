# Appended to what `startproject` writes, whose names it uses.
# ruff: noqa: F821
import os

INSTALLED_APPS += ["library"]
AUTH_USER_MODEL = "library.Member"
DATABASE_ROUTERS = ["library.models.Router"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["PGHOST"],
        "PORT": os.environ["PGPORT"],
        "NAME": os.environ["PGDATABASE"],
        "USER": os.environ["PGUSER"],
        "PASSWORD": os.environ["PGPASSWORD"],
    },
    "door": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "door.sqlite3"},
}
