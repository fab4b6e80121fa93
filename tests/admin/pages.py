"""What the admin shows one user of one model: its own views behind its own addresses, not rendered."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, quote
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import resolve, reverse


@dataclass
class Page:
    rows: set = field(default_factory=set)
    """The primary keys that the change list is made of, as text."""
    denied: set = field(default_factory=set)
    """Columns that a plain ModelAdmin has on its pages and this one has not."""


def visit(user, name: str, *arguments):
    """The context of a page; None where the admin refuses it."""
    request = RequestFactory().get(reverse(name, args=arguments))
    request.user = user
    view = resolve(request.path)
    try:
        response = view.func(request, *view.args, **view.kwargs)
    except PermissionDenied:
        return None
    return response.context_data if response.status_code == 200 else None


def page(user, model) -> Page:
    address = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    listed = visit(user, f"{address}_changelist")
    if listed is None:
        return Page()
    rows = listed["cl"].root_queryset.values_list("pk", flat=True)
    found = Page(set(map(str, rows)))
    if found.rows:
        shown = visit(user, f"{address}_change", quote(min(found.rows)))
        forms = flatten_fieldsets(shown["adminform"].fieldsets)
        found.denied = plain(user, model) - set(forms) - set(listed["cl"].list_display)
    return found


def plain(user, model) -> set:
    request = RequestFactory().get("/")
    request.user = user
    return set(flatten_fieldsets(admin.ModelAdmin(model, admin.site).get_fieldsets(request)))
