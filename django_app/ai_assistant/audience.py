"""Who may view what: groups by their permissions, and those who have permissions of their own."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from . import rights


class Holder:
    """Somebody with these permissions and no others."""

    def __init__(self, permissions):
        self.permissions = {f"{one.content_type.app_label}.{one.codename}" for one in permissions}

    def has_perm(self, name):
        return name in self.permissions


def of_group(group):
    return Holder(group.permissions.select_related("content_type"))


def of_users():
    """The active staff who are no superusers and have permissions besides their groups', as one holder each."""
    users = get_user_model()
    if not hasattr(users, "user_permissions"):
        return []
    found = users._default_manager.filter(is_active=True, is_staff=True, is_superuser=False)
    found = found.filter(user_permissions__isnull=False).distinct().order_by("pk")
    return [(user, Holder(user.user_permissions.select_related("content_type"))) for user in found]


class Audience:
    """Read once; then each model's."""

    def __init__(self):
        groups = Group.objects.order_by("name").prefetch_related("permissions__content_type")
        self.groups = [(group.name, set(rights.viewable(Holder(group.permissions.all())))) for group in groups]
        self.users = [set(rights.viewable(holder)) for _, holder in of_users()]

    def words(self, label):
        named = [f"group {name}" for name, viewable in self.groups if label in viewable]
        single = sum(label in viewable for viewable in self.users)
        if single:
            named.append(f"{single} {'user' if single == 1 else 'users'} by permissions of their own")
        return ", ".join(["superusers", *named])
