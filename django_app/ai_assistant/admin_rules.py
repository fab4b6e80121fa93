"""The admin's own rules for rows and columns: a member of staff sees no more here than on its pages.

What a ModelAdmin overrides (manifest.admin.OVERRIDES) is read as a rule of the policy where its code is plain
(row_rules.py). Otherwise only its code knows, and the model is hidden until the site gives its rows,
AI_ASSISTANT["ROWS"], or says that the rule takes nothing away, AI_ASSISTANT["ADMIN_ROWS"] = {label: "same"}.
Fields that a ModelAdmin excludes are hidden, unless its own list shows them.
"""

from dataclasses import dataclass, field

from . import conf, row_rules
from .manifest import admin
from .manifest.expressions import Inexpressible

SAME = "same"
OF_ROWS = ("get_queryset", "has_view_permission")


@dataclass
class Rule:
    rows: list = field(default_factory=list)
    """The policy's entries."""
    excluded: set = field(default_factory=set)
    """Names of fields that get_exclude gives."""
    unknown: dict = field(default_factory=dict)
    """{what only its code knows: why}"""


def registered():
    """{model: ModelAdmin}, without the assistant's own tables, which are hidden anyway."""
    found = admin.registry()
    return {model: found[model] for model in found if model._meta.app_label != "ai_assistant"}


def rule_of(model, model_admin, overrides):
    rule = Rule()
    try:
        rule.rows = row_rules.rows(model, model_admin)
    except Inexpressible as error:
        own = [name for name in overrides if name in OF_ROWS] or ["the default manager's get_queryset"]
        rule.unknown.update(dict.fromkeys(own, str(error)))
    if "get_exclude" in overrides:
        try:
            rule.excluded = row_rules.excluded(type(model_admin))
        except Inexpressible as error:
            rule.unknown["get_exclude"] = str(error)
    if "get_fields" in overrides:
        rule.unknown["get_fields"] = "which columns it leaves out is not read"
    return rule


def rules():
    """[(model, ModelAdmin, its description, Rule)] of each model that the site has not settled."""
    settled = {label for label, rule in conf.get("ADMIN_ROWS").items() if rule == SAME}
    given = {entry["model"] for entry in conf.get("ROWS")}
    found = registered()
    for model, model_admin in sorted(found.items(), key=lambda pair: pair[0]._meta.label):
        described = admin.describe(model, found)
        rule = Rule() if model._meta.label in settled else rule_of(model, model_admin, described["overrides"])
        if model._meta.label in given:
            rule.rows = []
            rule.unknown = {name: why for name, why in rule.unknown.items() if name in ("get_fields", "get_exclude")}
        yield model, model_admin, described, rule


def unknown_rules():
    """[(label, description with {what: why} as "unknown")] of models whose pages follow a rule that is not known."""
    return [
        (model._meta.label, {**described, "unknown": rule.unknown})
        for model, _, described, rule in rules()
        if rule.unknown
    ]


def rows():
    """The policy's entries: the site's, and those that were read; a model of no known rule is hidden anyway."""
    read = [entry for _, _, _, rule in rules() if not rule.unknown for entry in rule.rows]
    return [*(dict(entry) for entry in conf.get("ROWS")), *read]


def excluded_fields():
    """app.Model.field of each column that a ModelAdmin leaves out by name."""
    found = set()
    for model, model_admin, _, rule in rules():
        listed = {name for name in model_admin.list_display if isinstance(name, str)}
        for name in {*(model_admin.exclude or ()), *form_excludes(model_admin), *rule.excluded} - listed:
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
