"""The admin's own rules for rows and columns: a member of staff sees no more here than on its pages.

A ModelAdmin that overrides what its pages show (manifest.admin.OVERRIDES) has a rule that only its code knows: the
model is hidden until the site says that the rule takes nothing away, AI_ASSISTANT["ADMIN_ROWS"] = {label: "same"}.
Fields that a ModelAdmin excludes are hidden, unless its own list shows them.
"""

from . import conf
from .manifest import admin

SAME = "same"


def registered():
    """{model: ModelAdmin}, without the assistant's own tables, which are hidden anyway."""
    found = admin.registry()
    return {model: found[model] for model in found if model._meta.app_label != "ai_assistant"}


def unknown_rules():
    """[(label, description)] of registered models whose pages follow a rule that is not known."""
    settled = {label for label, rule in conf.get("ADMIN_ROWS").items() if rule == SAME}
    found = registered()
    described = [(model._meta.label, admin.describe(model, found)) for model in found]
    return sorted((label, found) for label, found in described if found["overrides"] and label not in settled)


def excluded_fields():
    """app.Model.field of each column that a ModelAdmin leaves out by name."""
    found = set()
    for model, model_admin in registered().items():
        listed = {name for name in model_admin.list_display if isinstance(name, str)}
        for name in {*(model_admin.exclude or ()), *form_excludes(model_admin)} - listed:
            if any(field.name == name for field in model._meta.get_fields() if not field.auto_created):
                found.add(f"{model._meta.label}.{name}")
    return found


def form_excludes(model_admin):
    """Django's own order: a ModelAdmin's `exclude` beats that of its form."""
    if model_admin.exclude is not None:
        return ()
    return getattr(getattr(model_admin.form, "_meta", None), "exclude", None) or ()


def hidden():
    return {label for label, _ in unknown_rules()} | excluded_fields()
