"""Expression objects (of Meta.ordering, limit_choices_to, generated columns) as source of the language."""

import datetime
import decimal
import uuid

from django.db.models import F, Field, OuterRef, Q, Value
from django.db.models.expressions import CombinedExpression, Expression, OrderBy

OPERATORS = {"+": "+", "-": "-", "*": "*", "/": "/", "%%": "%", "^": "**"}
TRUSTED = ("django.db.models", "django.contrib.postgres")


class Inexpressible(Exception):
    """Says why an object or a piece of code has no source in the language."""


def source(value):
    if isinstance(value, OrderBy):
        return _order_by(value)
    if isinstance(value, Q):
        return _condition(value)
    if type(value) in (F, OuterRef):
        return f"{type(value).__name__}({value.name!r})"
    if isinstance(value, CombinedExpression):
        return _combined(value)
    if isinstance(value, (Expression, F)):
        return _call(value)
    if isinstance(value, Field):
        return _field(value)
    return literal(value)


def literal(value):
    if isinstance(value, (str, bool, int, float, bytes)) or value is None:
        plain = value.value if hasattr(value, "value") else value
        return repr(plain)
    if type(value) is decimal.Decimal:
        return f"Decimal({str(value)!r})"
    if type(value) is uuid.UUID:
        return f"UUID({str(value)!r})"
    if type(value) is datetime.timedelta:
        return f"timedelta(days={value.days}, seconds={value.seconds}, microseconds={value.microseconds})"
    if type(value) is datetime.datetime and value.tzinfo is None:
        return repr(value).replace("datetime.datetime", "datetime")
    if type(value) in (datetime.date, datetime.time):
        return repr(value).replace("datetime.", "", 1)
    if type(value) in (list, tuple):
        return "[" + ", ".join(source(item) for item in value) + "]"
    raise Inexpressible(f"a {type(value).__name__} has no literal")


def _order_by(value):
    found = source(value.expression) + (".desc(" if value.descending else ".asc(")
    if value.nulls_first:
        found += "nulls_first=True"
    elif value.nulls_last:
        found += "nulls_last=True"
    return found + ")"


def _condition(value):
    parts = []
    for child in value.children:
        if isinstance(child, tuple):
            parts.append(f"Q({child[0]}={source(child[1])})")
        else:
            parts.append(f"Q({source(child)})" if isinstance(child, Expression) else source(child))
    joined = {"AND": " & ", "OR": " | ", "XOR": " ^ "}[value.connector].join(parts) or "Q()"
    if len(parts) > 1:
        joined = f"({joined})"
    return f"~{joined}" if value.negated else joined


def _combined(value):
    if value.connector not in OPERATORS or type(value) is not CombinedExpression:
        return _bitwise(value)
    return f"({source(value.lhs)} {OPERATORS[value.connector]} {source(value.rhs)})"


def _bitwise(value):
    names = {"&": "bitand", "|": "bitor", "<<": "bitleftshift", ">>": "bitrightshift", "#": "bitxor"}
    if value.connector not in names:
        raise Inexpressible(f"operator {value.connector} has no source")
    return f"{source(value.lhs)}.{names[value.connector]}({source(value.rhs)})"


def _call(value):
    """Django keeps the constructor's arguments of its own expressions, for migrations."""
    kind = type(value)
    if not kind.__module__.startswith(TRUSTED):
        raise Inexpressible(f"{kind.__module__}.{kind.__name__} is not Django's")
    try:
        args, kwargs = value._constructor_args
    except AttributeError:
        if isinstance(value, Value):
            return f"Value({literal(value.value)})"
        raise Inexpressible(f"{kind.__name__} keeps no arguments") from None
    parts = [source(arg) for arg in args]
    parts += [f"{name}={source(arg)}" for name, arg in kwargs.items()]
    return f"{kind.__name__}({', '.join(parts)})"


def _field(value):
    _, path, args, kwargs = value.deconstruct()
    module, _, name = path.rpartition(".")
    if not module.startswith(TRUSTED):
        raise Inexpressible(f"{path} is not Django's")
    parts = [source(arg) for arg in args] + [f"{key}={source(arg)}" for key, arg in kwargs.items()]
    return f"{name}({', '.join(parts)})"
