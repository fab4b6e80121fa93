"""One field and its relation, as the contract has them."""

import django.db.models
from django.db import models

from . import expressions, lookups, source, values
from .db_types import db_type
from .expressions import Inexpressible

# What makes a value something else than its column, when a class outside Django defines it.
TELLING = """
    from_db_value get_prep_value get_db_prep_value get_db_prep_save to_python get_lookup get_transform get_lookups
    select_format get_col get_placeholder cast_db_type db_type rel_db_type get_internal_type class_lookups
    pre_save value_from_object get_extra_restriction get_extra_descriptor_filter get_joining_fields
    get_path_info get_reverse_path_info
    """.split()
BUILT_IN_MODULES = ("django.contrib.postgres.", "django.contrib.contenttypes.")


def is_built_in(cls):
    return getattr(django.db.models, cls.__name__, None) is cls or cls.__module__.startswith(BUILT_IN_MODULES)


def built_in(cls):
    """The nearest public class of Django that a field is, or None."""
    for base in cls.__mro__:
        if is_built_in(base):
            return base
    return None


def opaque_reason(field):
    kind = built_in(type(field))
    if kind is None or kind is models.Field:
        return f"{path_of(type(field))} extends no built-in field"
    for base in type(field).__mro__:
        if base.__module__.startswith("django."):
            continue
        for name in TELLING:
            if name in vars(base):
                return f"{name} is code: {source.location(base)}"
    if getattr(field, "for_concrete_model", True) is False and field.model._meta.proxy:
        return "for_concrete_model=False on a proxy is not read as the model's own"
    replaced = lookups.replaced(field)
    return f"lookup {replaced[0]} is code: {path_of(replaced[1])}" if replaced else None


def path_of(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


def describe(field):
    """FIELD of the contract."""
    kind = built_in(type(field))
    # Django gives a many-to-many field the name of a column, too.
    many = bool(getattr(field, "many_to_many", False))
    column = None if many else getattr(field, "column", None)
    found = {
        "name": getattr(field, "name", None),
        "attname": getattr(field, "attname", None),
        "column": column,
        "kind": kind.__name__ if kind else "Field",
        "class": path_of(type(field)),
        "internal_type": internal_type(field),
        "model": owner(field),
        "concrete": column is not None,
        "null": bool(getattr(field, "null", False)),
        "primary_key": bool(getattr(field, "primary_key", False)),
        "unique": bool(getattr(field, "unique", False)),
        "editable": bool(getattr(field, "editable", False)),
        "auto_created": bool(getattr(field, "auto_created", False)),
        "db_type": db_type(field) if hasattr(field, "db_type") and not many else None,
        "max_length": getattr(field, "max_length", None),
        "max_digits": getattr(field, "max_digits", None),
        "decimal_places": getattr(field, "decimal_places", None),
        "db_collation": text_of(field, "db_collation"),
        "choices": choices(field),
        "verbose_name": text_of(field, "verbose_name"),
        "has_default": bool(field.has_default()) if hasattr(field, "has_default") else False,
        "relation": relation(field),
        "base_field": None,
        "size": None,
        "generated": None,
        "output_field": None,
        "opaque": opaque_reason(field),
    }
    base = getattr(field, "base_field", None)
    if isinstance(base, models.Field):
        found["base_field"] = describe(base)
        size = getattr(field, "size", None)
        found["size"] = size if isinstance(size, int) else None
        found["opaque"] = found["opaque"] or found["base_field"]["opaque"]
    if getattr(field, "generated", False):
        found["generated"] = {"expression": generated(field)}
        found["output_field"] = describe(field.output_field)
    return found


def text_of(field, attribute):
    """An attribute that a site may give lazily."""
    found = getattr(field, attribute, None)
    return values.text(found) if found is not None else None


def internal_type(field):
    try:
        return field.get_internal_type()
    except (AttributeError, NotImplementedError):
        return type(field).__name__


def owner(field):
    """The concrete model on whose table the column is; a base field has none."""
    model = getattr(field, "model", None)
    return model._meta.concrete_model._meta.label if model is not None else None


def choices(field):
    flat = getattr(field, "flatchoices", None)
    if not flat:
        return None
    found = []
    for value, shown in flat:
        try:
            found.append([values.encode(value), values.text(shown)])
        except values.Omitted:
            continue
    return found


def generated(field):
    try:
        return expressions.source(field.expression)
    except Inexpressible:
        return None


def relation(field):
    """RELATION of the contract, or None."""
    if not getattr(field, "is_relation", False):
        return None
    remote = getattr(field, "remote_field", None)
    if remote is None:
        return _generic_foreign_key(field)
    to = field.related_model
    if not isinstance(to, type):
        return None
    found = _empty(_kind(field), to._meta.label)
    hidden = remote.is_hidden() if hasattr(remote, "is_hidden") else bool(remote.hidden)
    found.update(
        accessor=None if hidden else remote.get_accessor_name(),
        query_name=None if hidden else field.related_query_name(),
        hidden=hidden,
        parent_link=bool(getattr(remote, "parent_link", False)),
        multiple=bool(field.many_to_many or field.one_to_many),
        limit_choices_to=limit(remote),
        on_delete=getattr(getattr(remote, "on_delete", None), "__name__", None),
    )
    if found["kind"] == "generic_relation":
        found.update(
            accessor=None,
            query_name=remote.related_query_name or None,
            ct_field=field.content_type_field_name,
            fk_field=field.object_id_field_name,
            from_fields=[field.model._meta.pk.name],
            to_fields=[field.object_id_field_name],
        )
    elif found["kind"] == "m2m":
        found.update(_many_to_many(field, remote))
    else:
        found.update(
            from_fields=[local.name for local, _ in field.related_fields],
            to_fields=[foreign.name for _, foreign in field.related_fields],
        )
    return found


def _kind(field):
    if type(field).__name__ == "GenericRelation" or hasattr(field, "object_id_field_name"):
        return "generic_relation"
    if field.many_to_many:
        return "m2m"
    return "o2o" if field.one_to_one else "fk"


def _empty(kind, to):
    return {
        "kind": kind,
        "to": to,
        "from_fields": [],
        "to_fields": [],
        "accessor": None,
        "query_name": None,
        "hidden": False,
        "parent_link": False,
        "multiple": False,
        "limit_choices_to": None,
        "through": None,
        "through_from": None,
        "through_to": None,
        "symmetrical": False,
        "ct_field": None,
        "fk_field": None,
        "on_delete": None,
    }


def _generic_foreign_key(field):
    if not hasattr(field, "ct_field"):
        return None
    found = _empty("generic_fk", None)
    found.update(ct_field=field.ct_field, fk_field=field.fk_field)
    return found


def _many_to_many(field, remote):
    return {
        "through": remote.through._meta.label,
        "through_from": field.m2m_field_name(),
        "through_to": field.m2m_reverse_field_name(),
        # A relation of several columns has no one field to point to.
        "from_fields": [name for name in [field.m2m_target_field_name()] if name],
        "to_fields": [name for name in [field.m2m_reverse_target_field_name()] if name],
        "symmetrical": bool(remote.symmetrical),
    }


def limit(remote):
    found = getattr(remote, "limit_choices_to", None)
    if not found:
        return None
    if callable(found):
        return {"opaque": f"limit_choices_to is code: {source.location(found)}"}
    try:
        if isinstance(found, dict):
            pairs = [f"{key}={expressions.source(value)}" for key, value in found.items()]
            return f"Q({', '.join(pairs)})"
        return expressions.source(found)
    except Inexpressible as error:
        return {"opaque": str(error)}
