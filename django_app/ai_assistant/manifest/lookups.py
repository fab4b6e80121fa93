"""Lookups and transforms that a site registered on Django's fields in the place of Django's own."""

import sys
from functools import cache

from django.db.models import lookups
from django.db.models.fields import json
from django.db.models.functions import datetime

# Where the lookups stand that a compiler knows for a field of its own accord.
STANDARD = [lookups, json, datetime]
STANDARD_OF_POSTGRES = ["lookups", "search", "fields.array", "fields.hstore", "fields.ranges"]


def replaced(field):
    """The name and class of a built-in lookup that the site registered another class for, or None."""
    registered = [vars(base).get("class_lookups", {}) for base in type(field).__mro__]
    registered.append(getattr(field, "instance_lookups", {}))
    standard = standard_names()
    for names in registered:
        for name, lookup in sorted(names.items()):
            if not lookup.__module__.startswith("django.") and name in standard:
                return name, lookup
    return None


@cache
def standard_names():
    modules = [sys.modules.get(f"django.contrib.postgres.{name}") for name in STANDARD_OF_POSTGRES]
    things = [thing for module in [*STANDARD, *filter(None, modules)] for thing in vars(module).values()]
    return {thing.lookup_name for thing in things if isinstance(getattr(thing, "lookup_name", None), str)}
