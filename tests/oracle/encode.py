"""Values in JSON, as docs/language.md defines them, made from what Django returns."""

from __future__ import annotations

import datetime
import decimal
import enum
import math
import uuid

from django.db.backends.postgresql.psycopg_any import Range
from django.db.models import Manager, Model, QuerySet
from django.db.models.fields.files import FieldFile
from django.utils.duration import duration_iso_string
from django.utils.functional import Promise

from scope import HIDDEN_FIELDS


class Bag(list):
    """A list that came from a set: its order means nothing."""


class Shown(list):
    """A queryset: only MAX_ROWS of it are shown."""


def encode_float(value: float):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def encode_moment(value) -> str:
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        value = value.astimezone(datetime.UTC)
    return value.isoformat()


def encode_key(value) -> str:
    if isinstance(value, (datetime.date, datetime.time)):
        return encode_moment(value)
    return str(value.value if isinstance(value, enum.Enum) else value)


def encode_range(value: Range):
    if value.isempty:
        return "empty"
    return [encode(value.lower), encode(value.upper), value._bounds]


def encode_instance(row: Model) -> dict:
    """Its concrete fields, as `.values()` names them; what was deferred is fetched now.

    Annotations are not among them.
    """
    hidden = HIDDEN_FIELDS.get(row._meta.concrete_model._meta.label, set())
    fields = [f.attname for f in row._meta.concrete_fields if f.name not in hidden]
    return {name: encode(getattr(row, name)) for name in fields}


def encode(value):
    if isinstance(value, enum.Enum):
        value = value.value
    match value:
        case None | bool():
            return value
        case int():  # beyond 64 bits as text
            return value if -(2**63) <= value < 2**63 else str(value)
        case float():
            return encode_float(value)
        case str():
            return str(value)
        case decimal.Decimal() | uuid.UUID() | Promise():
            return str(value)
        case datetime.date() | datetime.time():
            return encode_moment(value)
        case datetime.timedelta():
            return duration_iso_string(value)
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case FieldFile():
            return value.name
        case Model():
            return encode_instance(value)
        case Range():
            return encode_range(value)
        case QuerySet():
            return Shown(encode(row) for row in value)
        case Manager():
            return Shown(encode(row) for row in value.all())
        case dict():
            return {encode_key(key): encode(item) for key, item in value.items()}
        case set() | frozenset():
            return Bag(encode(item) for item in value)
    if hasattr(value, "__iter__"):
        return [encode(item) for item in value]
    return str(value)
