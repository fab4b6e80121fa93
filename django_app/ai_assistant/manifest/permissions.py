"""What a user may do, as one expression of the language: the methods of django.contrib.auth over its own backend.

Their bodies ask each backend in turn. Where Django's ModelBackend is the only one, that is what it answers.
"""

import ast

from django.conf import settings

MIXIN = "django.contrib.auth.models.PermissionsMixin."
BACKEND = "django.contrib.auth.backends.ModelBackend"

PERMISSIONS = "apps.get_model('auth', 'Permission').objects"
BY_USER = "self.user_permissions"
BY_GROUP = f"{PERMISSIONS}.filter(group__in=self.groups.all())"
PAIRS = ".values_list('content_type__app_label', 'codename').order_by()"


def names(rows):
    return "{'%s.%s' % (app, name) for app, name in " + rows + PAIRS + "}"


def given(*sources):
    """As ModelBackend gives them: none to whom is not active, or for a single object; all to a superuser."""
    found = " | ".join(names(rows) for rows in sources)
    return f"set() if not self.is_active or obj is not None else {names(PERMISSIONS)} if self.is_superuser else {found}"


def apps_of(rows):
    return "{app for app, name in " + rows + PAIRS + "}"


KNOWN = {
    "get_user_permissions": f"lambda self, obj=None: {given(BY_USER)}",
    "get_group_permissions": f"lambda self, obj=None: {given(BY_GROUP)}",
    "get_all_permissions": f"lambda self, obj=None: {given(BY_USER, BY_GROUP)}",
    "has_perm": "lambda self, perm, obj=None: self.is_active and (self.is_superuser or (obj is None and "
    f"perm in {names(BY_USER)} | {names(BY_GROUP)}))",
    "has_module_perms": "lambda self, app_label: self.is_active and (self.is_superuser or "
    f"app_label in {apps_of(BY_USER)} | {apps_of(BY_GROUP)})",
}


def known(path):
    """The function at `path` as a lambda's syntax tree, or None where it means something else."""
    if not path.startswith(MIXIN) or list(settings.AUTHENTICATION_BACKENDS) != [BACKEND]:
        return None
    text = KNOWN.get(path.removeprefix(MIXIN))
    return ast.parse(text, mode="eval").body if text else None
