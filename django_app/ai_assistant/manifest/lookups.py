"""What a site registered on fields: transforms that a compiler knows, and code in the place of Django's own."""

import sys
from functools import cache

from django.db import models
from django.db.models import functions, lookups
from django.db.models.fields import json
from django.db.models.functions import datetime

FUNCTIONS = "django.db.models.functions."
# Where the lookups stand that a compiler knows for a field of its own accord.
STANDARD = [lookups, json, datetime]
STANDARD_OF_POSTGRES = ["lookups", "search", "fields.array", "fields.hstore", "fields.ranges"]


def transforms():
    """Django's functions that stand for `field__name`: {"field", "name", "function"} for each class of fields."""
    return [
        {"field": cls.__name__, "name": name, "function": function.__name__}
        for cls in sorted(field_classes(), key=lambda cls: cls.__name__)
        for name, function in sorted(registered(cls).items())
        if is_function(function)
    ]


def field_classes():
    """The public field classes of Django's that are loaded."""
    modules = [models, sys.modules.get("django.contrib.postgres.fields")]
    things = [thing for module in filter(None, modules) for thing in vars(module).values()]
    return {thing for thing in things if isinstance(thing, type) and issubclass(thing, models.Field)}


def registered(cls):
    """The lookups of a class by name: the nearest class's hides the others."""
    found = {}
    for base in reversed(cls.__mro__):
        found.update(vars(base).get("class_lookups", {}))
    return found


def is_function(cls):
    own = cls.__module__.startswith(FUNCTIONS) and cls.__module__ != datetime.__name__
    return own and issubclass(cls, models.Transform) and getattr(functions, cls.__name__, None) is cls


def replaced(field):
    """The name and class of a lookup that answers where a compiler would read Django's own, or None."""
    of_class, own = registered(type(field)), getattr(field, "instance_lookups", {})
    if isinstance(field, getattr(models, "GeneratedField", ())):
        # Django itself registers there what the class of the output has.
        of_class = registered(type(field.output_field))
        own = {name: lookup for name, lookup in own.items() if of_class.get(name) is not lookup}
    standard = standard_names()
    # JSON and hstore read any other name as a key.
    keyed = getattr(type(field), "get_transform", None) is not models.Field.get_transform
    for name, lookup in sorted({**of_class, **own}.items()):
        known = keyed or name in standard
        is_code = not lookup.__module__.startswith("django.")
        hides = name in own and (known or name in of_class)
        if hides or (known and is_code) or (name in standard and is_function(lookup)):
            return name, lookup
    return None


@cache
def standard_names():
    modules = [sys.modules.get(f"django.contrib.postgres.{name}") for name in STANDARD_OF_POSTGRES]
    things = [thing for module in [*STANDARD, *filter(None, modules)] for thing in vars(module).values()]
    return {thing.lookup_name for thing in things if isinstance(getattr(thing, "lookup_name", None), str)}
