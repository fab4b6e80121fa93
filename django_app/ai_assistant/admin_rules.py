"""The admin's own rules for rows and columns: a member of staff sees no more here than on its pages.

What a ModelAdmin overrides (manifest.admin.OVERRIDES) is read as a rule of the policy where its code is plain
(row_rules.py). Otherwise only its code knows, and the model is hidden until the site gives its rows,
AI_ASSISTANT["ROWS"], or says that the rule takes nothing away, AI_ASSISTANT["ADMIN_ROWS"] = {label: "same"}.
Fields that a ModelAdmin leaves out of its pages are hidden, unless its own list shows them.
"""

from dataclasses import dataclass, field

from django.contrib.admin.utils import flatten, flatten_fieldsets

from . import conf, row_rules
from .manifest import admin
from .manifest.expressions import Inexpressible

SAME = "same"
OF_ROWS = ("get_queryset", "has_view_permission")
OF_COLUMNS = ("get_fields", "get_fieldsets", "get_form")


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
    for name in OF_COLUMNS:
        if name in overrides:
            rule.unknown[name] = "which columns it leaves out is not read"
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
            rule.unknown = {name: why for name, why in rule.unknown.items() if name in (*OF_COLUMNS, "get_exclude")}
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
        excluded = {*(model_admin.exclude or ()), *of_form(model_admin, "exclude"), *rule.excluded}
        for name in (excluded | unnamed(model, model_admin)) - listed(model_admin):
            if any(field.name == name for field in model._meta.get_fields() if not field.auto_created):
                found.add(f"{model._meta.label}.{name}")
    return found


def listed(model_admin):
    """What the list shows everybody."""
    if not admin.is_djangos(type(model_admin), "get_list_display"):
        return set()
    return {name for name in model_admin.list_display if isinstance(name, str)}


def unnamed(model, model_admin):
    """Columns of a plain page that are not among those which the ModelAdmin, or its form, names."""
    if model_admin.fieldsets:
        named = flatten_fieldsets(model_admin.fieldsets)
    elif model_admin.fields:
        named = flatten(model_admin.fields)
    elif of_form(model_admin, "fields"):
        named = [*of_form(model_admin, "fields"), *model_admin.readonly_fields]
    else:
        return set()
    tables = [field for field in model._meta.many_to_many if field.remote_field.through._meta.auto_created]
    plain = {field.name for field in (*model._meta.fields, *tables) if field.editable and not field.primary_key}
    return plain - set(named)


def of_form(model_admin, name):
    """What the form's Meta says. Django's own order: a ModelAdmin's `exclude` beats that of its form."""
    if name == "exclude" and model_admin.exclude is not None:
        return ()
    return getattr(getattr(model_admin.form, "_meta", None), name, None) or ()


def hidden():
    return {label for label, _ in unknown_rules()} | excluded_fields()
