"""The whole manifest, its canonical form and its fingerprint."""

import hashlib
import json
import platform

import django
from django.apps import apps
from django.conf import settings
from django.utils import translation

from .. import __version__, conf
from . import admin, lookups, models, values

FORMAT = 1
# Apps whose presence changes what a query may say.
EXTENSIONS = ["django.contrib.postgres", "django.contrib.contenttypes", "django.contrib.gis"]


def build():
    """The manifest of the running project; labels are in the site's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        registered = admin.registry()
        described = [
            models.describe(model, registered)
            for model in apps.get_models(include_auto_created=True, include_swapped=True)
        ]
        found = {
            "format": FORMAT,
            "versions": {
                "django": django.get_version(),
                "python": platform.python_version(),
                "ormc": __version__,
            },
            "database": database(),
            "settings": {
                "use_tz": bool(settings.USE_TZ),
                "time_zone": settings.TIME_ZONE,
                "auth_user_model": settings.AUTH_USER_MODEL,
            },
            "extensions": [name for name in EXTENSIONS if apps.is_installed(name)],
            "apps": [describe_app(config) for config in sorted(apps.get_app_configs(), key=lambda one: one.label)],
            "transforms": lookups.transforms(),
            "models": sorted(described, key=lambda model: model["label"]),
        }
    found["fingerprint"] = fingerprint(found)
    return found


def database():
    """The alias that is asked, and its vendor as its settings name it: no driver is loaded."""
    alias = conf.get("DATABASE")
    engine = settings.DATABASES.get(alias, {}).get("ENGINE", "")
    last = engine.rpartition(".")[2]
    return {"alias": alias, "vendor": "postgresql" if last in ("postgis", "postgresql_psycopg2") else last}


def describe_app(config):
    return {
        "label": config.label,
        "name": config.name,
        "verbose_name": values.text(config.verbose_name),
        "contrib": config.name.startswith("django.contrib."),
    }


def canonical(value):
    """Sorted keys, no spaces, UTF-8: the bytes that are hashed and signed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def written(manifest):
    """The manifest as it is read by others."""
    models = [{**model, "fields": [said(field) for field in model["fields"]]} for model in manifest["models"]]
    return canonical({**manifest, "models": models})


def said(described):
    """A field without what its reader takes for granted: most of its keys say nothing, or no."""
    found = {
        key: value
        for key, value in described.items()
        if key == "concrete" or (value is not None and value is not False and value != [])
    }
    within = ("base_field", "output_field", "relation")
    return {**found, **{key: said(found[key]) for key in within if key in found}}


def fingerprint(manifest):
    bare = {key: value for key, value in manifest.items() if key != "fingerprint"}
    return hashlib.sha256(written(bare).encode()).hexdigest()
