"""What a user may view, as the token and the --user file say it."""

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.utils import timezone, translation

FORMAT = 1
OWN_PERMISSIONS = ("ask", "paste_snippet", "change_settings")


def models():
    """All models that a manifest lists."""
    return apps.get_models(include_auto_created=True, include_swapped=True)


def may_view(user, model):
    """The admin's own rule: change implies view. A table between two models shows no more than both."""
    options = model._meta
    if options.auto_created:
        sides = {field.related_model for field in options.fields if field.is_relation}
        return all(may_view(user, side) for side in sides)
    return any(
        user.has_perm(f"{options.app_label}.{get_permission_codename(action, options)}")
        for action in ("view", "change")
    )


def viewable(user):
    """Sorted labels of the models that the user may view."""
    return sorted(model._meta.label for model in models() if may_view(user, model))


def groups(user):
    return sorted(user.groups.values_list("name", flat=True)) if hasattr(user, "groups") else []


def user_file(user, fingerprint=None):
    """The --user file of a user."""
    return {
        "format": FORMAT,
        "user": {"id": user.pk if isinstance(user.pk, int) else str(user.pk), "name": user.get_username()},
        "superuser": bool(user.is_active and user.is_superuser),
        "groups": groups(user),
        "tz": timezone.get_current_timezone_name(),
        "lang": translation.get_language() or "en",
        "view": viewable(user),
        "manifest": fingerprint,
    }


def bits(labels, allowed):
    """A bit for each label in order, the least significant first: docs/contract/token.md."""
    found = bytearray((len(labels) + 7) // 8)
    for index, label in enumerate(labels):
        if label in allowed:
            found[index // 8] |= 1 << (index % 8)
    return bytes(found)
