"""The language's names in Django, as the oracle's, and those of django.contrib.postgres."""

from __future__ import annotations

import inspect

import scope
from django.contrib.postgres import aggregates, expressions, functions, search
from django.db.models import lookups


def public_classes(module) -> dict:
    return {
        name: thing
        for name, thing in inspect.getmembers(module, inspect.isclass)
        if not name.startswith("_") and thing.__module__.startswith("django.")
    }


def names() -> dict:
    found: dict = {}
    for module in (lookups, functions, expressions, search, aggregates):
        found |= public_classes(module)
    return found | scope.names()
