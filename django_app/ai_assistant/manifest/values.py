"""Python values as JSON; what has no faithful form is omitted, which the caller learns by `Omitted`."""

import datetime
import decimal
import enum
import math
import uuid

from django.utils.functional import Promise

MAX_TEXT = 1000
MAX_ITEMS = 200


class Omitted(Exception):
    """A value that the manifest does not carry."""


def text(value):
    """A label or a name as plain text that UTF-8 can carry."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def encode(value, depth=3):
    if isinstance(value, enum.Enum):
        value = value.value
    if value is None or value is True or value is False:
        return value
    if type(value) is int:
        return value
    if type(value) is float:
        if not math.isfinite(value):
            raise Omitted
        return value
    if isinstance(value, (str, Promise)):
        found = str(value)
        if len(found) > MAX_TEXT or found != text(found):
            raise Omitted
        return found
    return _encode_more(value, depth)


def _encode_more(value, depth):
    if type(value) is decimal.Decimal and value.is_finite():
        return {"$decimal": str(value)}
    if type(value) is datetime.datetime:
        return {"$datetime": value.isoformat()}
    if type(value) is datetime.date:
        return {"$date": value.isoformat()}
    if type(value) is uuid.UUID:
        return {"$uuid": str(value)}
    if type(value) is dict and depth and len(value) <= MAX_ITEMS:
        return {"$dict": [[encode(key, 0), encode(item, depth - 1)] for key, item in value.items()]}
    if type(value) in (list, tuple) and depth and len(value) <= MAX_ITEMS:
        return [encode(item, depth - 1) for item in value]
    raise Omitted
