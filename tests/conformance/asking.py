"""Django's answer to a question of a test, where it is data."""

from __future__ import annotations


class Unanswerable(Exception):
    """The value is not data: a class, an expression, a module."""


def make_reference(names: dict):
    from django.db.models import F, Field, FilteredRelation, Manager, Q
    from django.db.models.expressions import BaseExpression
    from reference import Reference

    class Asking(Reference):
        def __init__(self):
            self.names = names

        def accept(self, value):
            if callable(value) or isinstance(value, Manager):
                raise Unanswerable(type(value).__name__)
            if isinstance(value, (BaseExpression, F, Q, Field, FilteredRelation)):
                raise Unanswerable(type(value).__name__)
            if isinstance(value, dict):
                self.accept([*value, *value.values()])
            if isinstance(value, (list, tuple, set, frozenset)):
                for item in value:
                    self.accept(item)
            return value

    return Asking()
