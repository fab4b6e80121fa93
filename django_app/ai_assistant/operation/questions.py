"""The smoke test's questions: a row a kind, asked of the largest model that it fits.

Each is a snippet for ormd, and the same in Django, built from the models and not from the snippet's text.
"""

import uuid
from dataclasses import dataclass
from typing import Callable

from django.apps import apps
from django.db import connections
from django.db.models import Count

from .. import conf, grants, manifest, policy
from ..visible import to_anybody

COUNT = 5
FIRST = 5
GROUPS = 10
SAFE_INTEGER = 2**53
SIZES = "SELECT to_regclass(tab)::text, tab, pg_total_relation_size(to_regclass(tab)) FROM unnest(%s::text[]) t (tab)"


@dataclass(frozen=True)
class Kind:
    asks: str
    fits: Callable[[dict], bool]
    """Whether a field of the manifest is one to ask this of."""
    snippet: str
    django: Callable


@dataclass(frozen=True)
class Question:
    words: str
    snippet: str
    expected: Callable[[], object]


KEYS = ("AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "UUIDField")
DATES = ("DateField", "DateTimeField")


def is_key(field):
    return field["primary_key"] and field["internal_type"] in KEYS


def is_grouping(field):
    relation = field["relation"]
    return field["internal_type"] == "BooleanField" or bool(field["choices"]) or bool(relation and not field["unique"])


KINDS = (
    Kind(
        "the number of {model}",
        lambda field: field["primary_key"],
        "result = {source}.count()",
        lambda rows, field: rows.count(),
    ),
    Kind(
        "the newest {model} by key",
        is_key,
        "result = list({source}.order_by('-{field}').values_list('{field}', flat=True)[:{first}])",
        lambda rows, field: list(rows.order_by(f"-{field}").values_list(field, flat=True)[:FIRST]),
    ),
    Kind(
        "{model} by {field}",
        is_grouping,
        "result = [[row['{field}'], row['n']] for row in {source}.values('{field}')"
        ".annotate(n=Count('pk')).order_by('-n', '{field}')[:{groups}]]",
        lambda rows, field: [
            [row[field], row["n"]] for row in rows.values(field).annotate(n=Count("pk")).order_by("-n", field)[:GROUPS]
        ],
    ),
    Kind(
        "{model} without {field}",
        lambda field: field["null"],
        "result = {source}.filter({field}__isnull=True).count()",
        lambda rows, field: rows.filter(**{f"{field}__isnull": True}).count(),
    ),
    Kind(
        "years of {model} by {field}",
        lambda field: field["internal_type"] in DATES,
        "result = sorted(set({source}.exclude({field}=None).values_list('{field}__year', flat=True)))",
        lambda rows, field: sorted(set(rows.exclude(**{field: None}).values_list(f"{field}__year", flat=True))),
    ),
)


def questions():
    """At most five: one of each kind where a model fits it, then the sizes of more models."""
    found = askable()
    asked = [question for kind in KINDS for question in first_fitting(kind, found)]
    more = (ask(KINDS[0], model, field) for model, fields in found[1:] for field in fields[:1])
    return [*asked, *more][:COUNT]


def first_fitting(kind, found):
    for model, fields in found:
        for field in fields:
            if kind.fits(field):
                return [ask(kind, model, field)]
    return []


def ask(kind, model, field):
    label, name = model["label"], field["attname"]  # a relation's key: itself it would bring the other's ordering
    app, _, class_name = label.partition(".")
    source = f'apps.get_model("{app}", "{class_name}").{model["default_manager"]}'
    rows = apps.get_model(label)._default_manager
    return Question(
        kind.asks.format(model=label, field=name),
        kind.snippet.format(source=source, field=name, first=FIRST, groups=GROUPS),
        lambda: wire(kind.django(rows.using(conf.get("DATABASE")), name)),
    )


def askable():
    """[(model, its fields)] that nobody's policy and no code of the site's stands before, the largest first."""
    built = manifest.build()
    in_force = policy.build()
    masked = {mask["field"] for mask in in_force["masked"]}
    closed = set(in_force["hidden"]) | masked
    seen = to_anybody(built)
    grouped = {entry["model"] for entry in in_force.get("aggregates_only", ())}
    found = [
        (model, usable(model, closed))
        for model, _ in grants.readable(built)
        if not model["auto_created"] and plain(model) and seen.sees(model["label"]) and model["label"] not in grouped
    ]
    sizes = table_sizes([grants.table_of(model) for model, _ in found])
    present = [(model, fields) for model, fields in found if fields and grants.table_of(model) in sizes]
    return sorted(present, key=lambda one: (-sizes[grants.table_of(one[0])], one[0]["label"]))


def plain(model):
    kinds = {manager["name"]: manager["kind"] for manager in model["managers"]}
    return kinds[model["default_manager"]] == "plain" and len(model["pk"]) == 1


def usable(model, closed):
    return [
        field
        for field in model["fields"]
        if field["concrete"] and not field["opaque"] and f"{model['label']}.{field['name']}" not in closed
    ]


def table_sizes(tables):
    with connections[conf.get("DATABASE")].cursor() as cursor:
        cursor.execute(SIZES, [tables])
        return {table: size for there, table, size in cursor.fetchall() if there}


def wire(value):
    """As ormd writes it into JSON."""
    if isinstance(value, list):
        return [wire(item) for item in value]
    if isinstance(value, uuid.UUID) or (isinstance(value, int) and abs(value) > SAFE_INTEGER):
        return str(value)
    return value
