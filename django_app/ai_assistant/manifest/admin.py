"""Which models the admin shows, and where a ModelAdmin has rules of its own for rows and columns."""

from django.apps import apps

from . import source

OVERRIDES = ["get_queryset", "has_view_permission", "get_fields", "get_exclude", "get_fieldsets", "get_form"]
UNREGISTERED = {"registered": False, "overrides": [], "class": None, "file": None}


def registry():
    """{model: ModelAdmin} over all admin sites; the default site's wins."""
    if not apps.is_installed("django.contrib.admin"):
        return {}
    from django.contrib.admin import sites

    found = {}
    for site in sorted(sites.all_sites, key=lambda site: (site is not sites.site, site.name)):
        for model, model_admin in site._registry.items():
            found.setdefault(model, model_admin)
    return found


def describe(model, registered):
    model_admin = registered.get(model)
    if model_admin is None:
        return dict(UNREGISTERED)
    cls = type(model_admin)
    overrides = [name for name in OVERRIDES if not is_djangos(cls, name)]
    return {
        "registered": True,
        "overrides": overrides,
        "class": f"{cls.__module__}.{cls.__qualname__}",
        "file": file_of(cls),
    }


def is_djangos(cls, name):
    """UserAdmin has a get_form and get_fieldsets of its own, for the page that adds a user."""
    definer = next((one for one in cls.__mro__ if name in vars(one)), None)
    return definer is None or definer.__module__.startswith("django.contrib.")


def file_of(cls):
    """As a path from the import root, so that it is the same on every machine."""
    line = source.line_of(cls)
    return f"{cls.__module__.replace('.', '/')}.py:{line}" if line else None
