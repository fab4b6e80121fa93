"""The values that no answer of the corpus may hold: of hidden columns, and of masked ones."""

from __future__ import annotations

from django.apps import apps

LEAST = 6  # characters: shorter ones stand in answers by chance


def columns(policy: dict):
    """(model, field name) of each column that the policy hides or masks, and of the built-in secrets."""
    yield from [("auth.User", "password"), ("sessions.Session", "session_data")]
    for name in [*policy["hidden"], *(mask["field"] for mask in policy["masked"])]:
        app, model, *field = name.split(".")
        label = f"{app}.{model}"
        own = [f.name for f in apps.get_model(label)._meta.concrete_fields]
        yield from ((label, one) for one in field or own)


def secret_values(policy: dict) -> set[str]:
    found = set()
    for label, field in columns(policy):
        values = apps.get_model(label)._base_manager.values_list(field, flat=True)
        found |= {value for value in values if isinstance(value, str) and len(value) >= LEAST}
    return found - shown_values(set(columns(policy)))


def shown_values(secret: set) -> set[str]:
    """What stands in other columns, too: it tells nothing."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if (model._meta.label, field.name) in secret:
                continue
            values = model._base_manager.values_list(field.attname, flat=True)
            found |= {value for value in values if isinstance(value, str)}
    return found
