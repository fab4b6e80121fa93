"""Chance, with an eye on what was used least; and values sampled from the database."""

from __future__ import annotations

import datetime
import decimal
import random
import uuid
from collections import Counter
from pathlib import Path as FilePath

from django.apps import apps
from django.db.backends.postgresql.psycopg_any import Range

from .schema import Model, Path, Relation, Schema


def range_literal(value: Range) -> str:
    bound = value.upper if value.lower is None else value.lower
    name = "NumericRange"
    if isinstance(bound, datetime.date):
        name = "DateTimeTZRange" if isinstance(bound, datetime.datetime) else "DateRange"
    if value.isempty:
        return f"{name}(empty=True)"
    return f'{name}({literal(value.lower)}, {literal(value.upper)}, "{value._bounds}")'


def literal(value) -> str:
    """Python source of a value, in the names that a snippet has."""
    if isinstance(value, (list, tuple)):
        end = "," if isinstance(value, tuple) and len(value) == 1 else ""
        listed = ", ".join(map(literal, value)) + end
        return f"[{listed}]" if isinstance(value, list) else f"({listed})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, Range):
        return range_literal(value)
    if isinstance(value, datetime.datetime):
        utc = value.astimezone(datetime.UTC)
        parts = [utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, utc.microsecond]
        listed = ", ".join(map(str, parts))
        return f'datetime({listed}, tzinfo=ZoneInfo("UTC"))'
    if isinstance(value, datetime.date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, datetime.time):
        return f"time({value.hour}, {value.minute}, {value.second}, {value.microsecond})"
    if isinstance(value, datetime.timedelta):
        parts = f"days={value.days}, seconds={value.seconds}, microseconds={value.microseconds}"
        return f"timedelta({parts})"
    if isinstance(value, decimal.Decimal):
        return f'Decimal("{value}")'
    if isinstance(value, uuid.UUID):
        return f'UUID("{value}")'
    if isinstance(value, str):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + quoted.replace("\n", "\\n").replace("\t", "\\t") + '"'
    return repr(value)


class Draw:
    def __init__(self, seed: int, manifest: FilePath):
        self.random = random.Random(seed)
        self.schema = Schema(manifest)
        self.used: Counter = Counter()
        self.relations: Counter = Counter(
            {r.kind: 0 for m in self.schema.models.values() for r in m.relations}
        )
        self.keys = {label: self._keys(label) for label in self.schema.models}
        self.models = [m for label, m in self.schema.models.items() if self.keys[label]]

    def _keys(self, label: str) -> list:
        rows = apps.get_model(label)._default_manager.order_by("pk")
        return list(rows.values_list("pk", flat=True))

    # -- chance

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def pick(self, options):
        return self.random.choice(list(options))

    def sample(self, options, count: int) -> list:
        options = list(options)
        return self.random.sample(options, min(count, len(options)))

    def construct(self, family: str, *names: str) -> str:
        """One of the names, the least used ones more often; counted."""
        for name in names:
            self.used.setdefault(f"{family} {name}", 0)
        weights = [1 / (1 + self.used[f"{family} {name}"]) for name in names]
        name = self.random.choices(names, weights)[0]
        self.used[f"{family} {name}"] += 1
        return name

    # -- the schema

    def model(self) -> Model:
        """Those with many relations come more often: that is where meaning hides."""
        weights = [2 + len(model.relations) for model in self.models]
        return self.random.choices(self.models, weights)[0]

    def target(self, relation: Relation) -> Model:
        return self.schema.models[relation.target]

    def steps(self, model: Model, depth: int, multi: bool | None = None) -> list[Relation]:
        """A chain of relations, `multi` wanted, unwanted or as it comes."""
        found: list[Relation] = []
        while len(found) < depth:
            options = [r for r in model.relations if multi is not False or not r.multi]
            if multi and not found:
                options = [r for r in options if r.multi]
            if not options:
                break
            weights = [1 / (1 + self.relations[r.kind]) for r in options]
            step = self.random.choices(options, weights)[0]
            self.relations[step.kind] += 1
            found.append(step)
            model = self.target(step)
        return found

    def path(self, model: Model, *types: str, multi: bool | None = None) -> Path | None:
        """To a field of one of the types (any type when none is named)."""
        for _ in range(4):
            depth = self.random.choices([0, 1, 2, 3], [50, 30, 15, 5])[0]
            steps = self.steps(model, max(depth, 1 if multi else 0), multi)
            end = self.target(steps[-1]) if steps else model
            fields = [f for f in end.fields if not types or f.type in types]
            if fields and (not multi or steps):
                return Path(steps, self.pick(fields))
        return self.near(model, types, multi)

    def near(self, model: Model, types: tuple[str, ...], multi: bool | None) -> Path | None:
        """Any such path of at most two steps: for types that are rare around the model."""
        found = [Path([], f) for f in model.fields if not multi]
        for one in model.relations:
            target = self.target(one)
            found += [Path([one], f) for f in target.fields]
            found += [
                Path([one, two], f) for two in target.relations for f in self.target(two).fields
            ]
        fitting = [
            path
            for path in found
            if (not types or path.field.type in types)
            and (multi is None or path.multi == multi)
            and (not multi or path.steps[0].multi)
        ]
        return self.pick(fitting) if fitting else None

    # -- values

    def witness(self, model: Model):
        """The key of a row that a snippet's conditions are made to fit."""
        return self.pick(self.keys[model.label])

    def value(self, model: Model, path: str, key):
        """What that row has at the path (one of its values, where there are several)."""
        rows = apps.get_model(model.label)._default_manager.filter(pk=key).order_by()
        values = list(rows.values_list(path, flat=True)[:20])
        present = [value for value in values if value is not None]
        return self.pick(present) if present else None
