"""One model, as the contract has it."""

import re

from django.contrib.auth import get_permission_codename
from django.db import models, router

from . import admin, expressions, fields, managers, methods, reverse, values
from .expressions import Inexpressible

SECRET_NAME = re.compile(r"secret|token|passw|api_?key|private_?key", re.IGNORECASE)


def describe(model, registered):
    options = model._meta
    schema, table = split_table(values.text(options.db_table))
    found = {
        "label": options.label,
        "app": options.app_label,
        "name": model.__name__,
        "module": model.__module__,
        "table": table,
        "schema": schema,
        "database": router.db_for_read(model),
        "managed": bool(options.managed),
        "proxy_for": options.proxy_for_model._meta.label if options.proxy else None,
        "concrete": options.concrete_model._meta.label if options.concrete_model else options.label,
        "swapped": options.swapped or None,
        "auto_created": options.auto_created._meta.label if options.auto_created else None,
        "parents": parents(model),
        "pk": primary_key(options),
        "verbose_name": values.text(options.verbose_name),
        "verbose_name_plural": values.text(options.verbose_name_plural),
        "ordering": [ordering(entry) for entry in options.ordering],
        "get_latest_by": latest(options.get_latest_by),
        "order_with_respect_to": getattr(options.order_with_respect_to, "name", options.order_with_respect_to),
        "base_manager": None if options.swapped else options.base_manager.name,
        "default_manager": None if options.swapped else options.default_manager.name,
        "managers": managers.managers(model),
        "fields": [fields.describe(field) for field in all_fields(options)],
        "reverse": [] if options.swapped else reverse.describe(model),
        "constants": constants(model),
        "choices_classes": choices_classes(model),
        "permissions": {
            action: f"{options.app_label}.{get_permission_codename(action, options)}" for action in ("view", "change")
        },
        "admin": admin.describe(model, registered),
    }
    found.update(methods.model_words(model))
    return found


def split_table(name):
    """Of the usual trick `schema"."table`, the two names; quotes around the whole are Django's own escape."""
    plain = name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name
    schema, dot, table = plain.partition('"."')
    return (schema, table) if dot else (None, plain)


def parents(model):
    """Direct parents of multi-table inheritance: a proxy's has no link, a grandparent's is its child's."""
    return [
        {"model": parent._meta.label, "link": link.name}
        for parent, link in model._meta.parents.items()
        if link is not None and link.model is model
    ]


def primary_key(options):
    if options.pk is None:
        return []
    several = getattr(options, "pk_fields", None)
    return [field.name for field in several] if several else [options.pk.name]


def all_fields(options):
    # Django makes no table for a swapped model's many-to-many: the relation leads nowhere.
    many_to_many = [field for field in options.many_to_many if field.remote_field.through]
    return [*options.fields, *many_to_many, *options.private_fields]


def ordering(entry):
    if isinstance(entry, str):
        return {"path": entry}
    try:
        return {"expression": expressions.source(entry)}
    except Inexpressible as error:
        return {"opaque": str(error)}


def latest(found):
    if not found:
        return None
    return [found] if isinstance(found, str) else list(found)


def constants(model):
    """Class attributes that are literals; not those whose name says that they are secret."""
    found = {}
    inherited = set(dir(models.Model))
    for name, value in methods.own_attributes(model):
        if name.startswith("_") or name in inherited or SECRET_NAME.search(name):
            continue
        try:
            found[name] = values.encode(value)
        except values.Omitted:
            continue
    return found


def choices_classes(model):
    found = []
    for name, value in methods.own_attributes(model):
        if isinstance(value, type) and issubclass(value, models.Choices):
            members, kind = [], "other"
            if hasattr(value, "__empty__"):
                label = values.text(value.__empty__)
                members.append({"name": "__empty__", "value": None, "label": label})
            for member in value:
                try:
                    entry = {"name": member.name, "value": values.encode(member), "label": values.text(member.label)}
                except values.Omitted:
                    continue
                members.append(entry)
            if issubclass(value, models.TextChoices):
                kind = "text"
            elif issubclass(value, models.IntegerChoices):
                kind = "integer"
            found.append({"name": name, "members": members, "type": kind})
    return found
