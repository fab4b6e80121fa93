"""The names that a snippet finds, as docs/language.md lists them under "Names in scope"."""

from __future__ import annotations

import datetime
import decimal
import math
import uuid
import zoneinfo

import django.db.models
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.postgres import aggregates, expressions, search
from django.contrib.postgres import fields as postgres_fields
from django.contrib.postgres import functions as postgres_functions
from django.contrib.postgres import lookups as postgres_lookups
from django.contrib.postgres.fields import hstore
from django.db.backends.postgresql import psycopg_any
from django.db.models import fields, functions, lookups
from django.db.models.fields import json
from django.utils import timezone

from clock import DateTimeName, FrozenDate

# What the default policy hides, as far as the example site has it.
HIDDEN_MODELS = {"sessions.Session", "admin.LogEntry"}
HIDDEN_FIELDS = {"auth.User": {"password"}}


def public(module) -> dict:
    return {name: getattr(module, name) for name in module.__all__}


def beginning(start: str, module) -> dict:
    return {name: thing for name, thing in vars(module).items() if name.startswith(start)}


def names() -> dict:
    found = {
        **public(fields),
        **public(functions),
        **public(postgres_fields.ranges),
        "ArrayField": postgres_fields.ArrayField,
        "HStoreField": postgres_fields.HStoreField,
        "RandomUUID": postgres_functions.RandomUUID,
        "TransactionNow": postgres_functions.TransactionNow,
        **public(aggregates.general),
        **public(aggregates.statistics),
        **public(django.db.models),
        **beginning("Search", search),
        **beginning("Trigram", search),
        "KeysTransform": hstore.KeysTransform,
        "ValuesTransform": hstore.ValuesTransform,
        "Unaccent": postgres_lookups.Unaccent,
        "ArraySubquery": expressions.ArraySubquery,
        "KT": json.KT,
        "KeyTransform": json.KeyTransform,
        "KeyTextTransform": json.KeyTextTransform,
        "NumericRange": psycopg_any.NumericRange,
        "DateRange": psycopg_any.DateRange,
        "DateTimeTZRange": psycopg_any.DateTimeTZRange,
        "models": django.db.models,
        "functions": functions,
        "timezone": timezone,
        "get_user_model": get_user_model,
        "apps": apps,
        "date": FrozenDate,
        "datetime": DateTimeName(),
        "time": datetime.time,
        "timedelta": datetime.timedelta,
        "Decimal": decimal.Decimal,
        "UUID": uuid.UUID,
        "uuid": uuid,
        "ZoneInfo": zoneinfo.ZoneInfo,
        "math": math,
    }
    for name in ("GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual", "Exact"):
        found[name] = getattr(lookups, name)
    # A site's model beats one of django.contrib, and a model hides a function of its name.
    models = sorted(apps.get_models(), key=lambda m: not m.__module__.startswith("django."))
    found.update({m.__name__: m for m in models if m._meta.label not in HIDDEN_MODELS})
    return found
