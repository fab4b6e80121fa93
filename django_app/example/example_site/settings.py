"""The example site's settings; everything that differs by machine comes from the environment.

ORMC_DB_HOST, ORMC_DB_PORT, ORMC_DB_NAME, ORMC_DB_USER, ORMC_DB_PASSWORD say where the database is;
ORMC_DB_DSN (postgresql://user:password@host:port/name) says the same in one line and wins.
ORMC_EXAMPLE_APPS (default "shop,nasty,keyed") says which of the schemas are installed; keyed needs Django 5.2.
ORMC_TOKEN_KEY signs the drawer's tokens, ORMC_SECRET the published rows, ORMD_URL is the server's.
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import django

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = os.environ


def database_from_environment():
    dsn = urlsplit(ENV.get("ORMC_DB_DSN", ""))
    query = dict(parse_qsl(dsn.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": query.get("host") or dsn.hostname or ENV.get("ORMC_DB_HOST", ""),
        "PORT": query.get("port") or str(dsn.port or "") or ENV.get("ORMC_DB_PORT", ""),
        "NAME": unquote(dsn.path.lstrip("/")) or ENV.get("ORMC_DB_NAME", "ormc_example"),
        "USER": unquote(dsn.username or "") or ENV.get("ORMC_DB_USER", ""),
        "PASSWORD": unquote(dsn.password or "") or ENV.get("ORMC_DB_PASSWORD", ""),
    }


SECRET_KEY = ENV.get("DJANGO_SECRET_KEY", "example-only-" + "x" * 50)
DEBUG = ENV.get("DJANGO_DEBUG", "1") == "1"
ALLOWED_HOSTS = ENV.get("DJANGO_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")

EXAMPLE_APPS = [name for name in ENV.get("ORMC_EXAMPLE_APPS", "shop,nasty,keyed").split(",") if name]
if django.VERSION < (5, 2):
    EXAMPLE_APPS = [name for name in EXAMPLE_APPS if name != "keyed"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "ai_assistant",
    *EXAMPLE_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ai_assistant.middleware.AssistantMiddleware",
]

ROOT_URLCONF = "example_site.urls"
WSGI_APPLICATION = "example_site.wsgi.application"
ASGI_APPLICATION = "example_site.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database_from_environment()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
if django.VERSION < (5, 0):
    USE_L10N = True

STATIC_URL = "/static/"
STATIC_ROOT = ENV.get("DJANGO_STATIC_ROOT") or str(BASE_DIR / "staticfiles")
MEDIA_ROOT = str(BASE_DIR / "media")
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
]

# nasty.QuestionAdmin is there to have a rule of its own.
SILENCED_SYSTEM_CHECKS = ["ai_assistant.W005"]
AI_ASSISTANT = {
    "DATABASE": "default",
    "PASS_THROUGH": True,
    "ORMD_URL": ENV.get("ORMD_URL", "http://127.0.0.1:8600"),
}
