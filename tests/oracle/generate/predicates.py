"""Conditions that a chosen row, the witness, fulfils: so that most answers are not empty."""

from __future__ import annotations

import datetime
import math

from . import containers
from .draw import Draw, literal
from .schema import Model, Path

ORDERED = ("exact", "in", "gt", "gte", "lt", "lte", "range", "isnull")
LOOKUPS = {
    "text": (
        *("exact", "in", "iexact", "contains", "icontains", "startswith", "istartswith"),
        *("endswith", "iendswith", "isnull", "regex", "iregex", "gte", "lte", "range"),
        *("unaccent__icontains", "trigram_similar", "search"),
    ),
    "int": ORDERED,
    "float": ("exact", "gt", "gte", "lt", "lte", "range", "isnull"),
    "decimal": ORDERED,
    "bool": ("exact", "isnull", "in"),
    "date": (*ORDERED, "year", "month", "day", "week", "week_day", "quarter", "iso_year"),
    "datetime": (
        *("gt", "gte", "lt", "lte", "range", "isnull", "date", "year", "month", "day", "week"),
        *("week_day", "iso_week_day", "quarter", "iso_year", "hour", "minute", "time"),
    ),
    "time": ("exact", "gte", "lte", "range", "isnull", "hour", "minute"),
    "duration": ("exact", "gte", "lte", "range", "isnull"),
    "uuid": ("exact", "in", "isnull"),
    **containers.LOOKUPS,
}
PARTS = {"year", "month", "day", "week", "week_day", "iso_week_day", "quarter", "iso_year"}
PARTS |= {"hour", "minute"}
STEPS = {
    "int": 1,
    "decimal": 1,
    "float": 0.5,
    "date": datetime.timedelta(days=3),
    "datetime": datetime.timedelta(days=20),
    "duration": datetime.timedelta(hours=5),
}


def python_part(value, part: str) -> int:
    """What the transform gives for the value, which is in the active zone."""
    match part:
        case "week":
            return value.isocalendar()[1]
        case "iso_year":
            return value.isocalendar()[0]
        case "week_day":
            return value.isoweekday() % 7 + 1
        case "iso_week_day":
            return value.isoweekday()
        case "quarter":
            return (value.month + 2) // 3
    return getattr(value, part)


def regex_of(text: str) -> str:
    head = "".join(c for c in text[:3] if c.isalnum())
    return f"^{head}" if head and text.startswith(head) else "."


class Predicates:
    def __init__(self, draw: Draw):
        self.draw = draw
        self.containers = containers.Containers(draw)

    # -- one condition

    def condition(self, model: Model, key, multi: bool | None = None) -> tuple[str, str]:
        """A keyword's name and its value, as source."""
        draw = self.draw
        if model.relations and draw.chance(0.15):
            return self.relation(model, key)
        path = draw.path(model, multi=multi)
        if path is None:
            return "pk__isnull", "False"
        value = draw.value(model, path.text, key)
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            lookup = draw.construct("lookup", "isnull", "exact")
            absent = value is None
            return (
                (f"{path.text}__isnull", str(absent)) if lookup == "isnull" else (path.text, "None")
            )
        lookup = draw.construct("lookup", *LOOKUPS[path.field.type])
        return self.fit(path, lookup, value)

    def relation(self, model: Model, key) -> tuple[str, str]:
        """By the related row's key, or by whether there is one."""
        draw = self.draw
        step = draw.steps(model, 1)[0]
        value = draw.value(model, f"{step.name}__pk", key)
        if value is None or draw.chance(0.3):
            draw.construct("lookup", "isnull")
            return f"{step.name}__isnull", str(value is None)
        form = draw.construct("relation", "by pk", "pk", "in pks", "in queryset")
        target = draw.target(step)
        others = draw.sample(draw.keys[target.label], 2)
        keys = ", ".join(map(literal, [value, *others]))
        match form:
            case "by pk" if step.kind != "fk to other key":
                return step.name, literal(value)
            case "in pks" if step.kind != "fk to other key":
                return f"{step.name}__in", f"[{keys}]"
            case "in queryset":
                return f"{step.name}__in", f"{target.name}.objects.filter(pk__in=[{keys}])"
        return f"{step.name}__pk", literal(value)

    def fit(self, path: Path, lookup: str, value) -> tuple[str, str]:
        name, kind = path.text, path.field.type
        if kind in containers.LOOKUPS:
            self.draw.construct("container", f"{kind} {lookup}")
            return self.containers.fit(name, kind, lookup, value)
        if lookup == "exact":
            explicit = self.draw.chance(0.2)
            return (f"{name}__exact" if explicit else name), literal(value)
        if lookup == "isnull":
            return f"{name}__isnull", "False"
        if lookup == "in":
            others = [value, None] if self.draw.chance(0.15) else [value, value]
            return f"{name}__in", f"[{', '.join(map(literal, others))}]"
        if lookup in PARTS:
            return self.part(name, lookup, value)
        if lookup in ("date", "time"):
            return self.of_moment(name, lookup, value)
        if kind == "text":
            return f"{name}__{lookup}", self.text(lookup, value)
        return f"{name}__{lookup}", self.bound(kind, lookup, value)

    def local(self, value):
        from django.utils import timezone

        return timezone.localtime(value) if isinstance(value, datetime.datetime) else value

    def part(self, name: str, part: str, value) -> tuple[str, str]:
        number = python_part(self.local(value), part)
        match self.draw.construct("transform", "exact", "gte", "lte", "in", "range"):
            case "exact":
                return f"{name}__{part}", str(number)
            case "in":
                return f"{name}__{part}__in", f"[{number}, {number + 1}]"
            case "range":
                return f"{name}__{part}__range", f"({number - 1}, {number + 1})"
            case operator:
                return f"{name}__{part}__{operator}", str(number)

    def of_moment(self, name: str, lookup: str, value) -> tuple[str, str]:
        local = self.local(value)
        found = local.date() if lookup == "date" else local.time()
        operator = self.draw.pick(["", "__gte", "__lte"])
        return f"{name}__{lookup}{operator}", literal(found)

    def text(self, lookup: str, value: str) -> str:
        draw = self.draw
        begin = draw.number(0, max(0, len(value) - 2))
        end = draw.number(begin, min(len(value), begin + 4))
        swapped = value.swapcase() if value.isascii() else value
        match lookup:
            case "contains":
                return literal(value[begin:end])
            case "icontains" | "unaccent__icontains":
                return literal(swapped[begin:end])
            case "startswith":
                return literal(value[:end])
            case "istartswith":
                return literal(swapped[:end])
            case "endswith":
                return literal(value[begin:])
            case "iendswith":
                return literal(swapped[begin:])
            case "iexact":
                return literal(swapped)
            case "regex" | "iregex":
                return literal(regex_of(value))
            case "range":
                return f"({literal(value)}, {literal(value + 'z')})"
        return literal(value)

    def bound(self, kind: str, lookup: str, value) -> str:
        step = STEPS.get(kind)
        if lookup == "range":
            if step is None or kind == "int":
                return f"({literal(value)}, {literal(value)})"
            return f"({literal(value - step)}, {literal(value + step)})"
        strict = {"gt": -1, "lt": 1}.get(lookup, 0)
        if strict and step is not None and not (kind == "int" and abs(value) > 2**31 - 2):
            value = value + strict * step
        return literal(value)

    # -- trees of them

    def q(self, model: Model, key, depth: int = 2) -> str:
        """A tree whose positive parts the witness fulfils."""
        draw = self.draw
        if depth == 0 or draw.chance(0.35):
            name, value = self.condition(model, key)
            return f"Q({name}={value})"
        operator = draw.construct("q", "&", "|", "~", "^")
        if operator == "~":
            other = draw.witness(model)
            return f"~{self.group(self.q(model, other, depth - 1))}"
        left = self.q(model, key, depth - 1)
        right = self.q(model, key if operator == "&" else draw.witness(model), depth - 1)
        return f"{self.group(left)} {operator} {self.group(right)}"

    @staticmethod
    def group(text: str) -> str:
        plain = text.startswith("Q(") and not any(f") {op} " in text for op in "&|^")
        return text if plain else f"({text})"

    def arguments(self, model: Model, key, count: int) -> str:
        """Of filter(): Q trees first, then keywords."""
        draw = self.draw
        trees, keywords = [], {}
        for _ in range(count):
            if draw.chance(0.3):
                trees.append(self.q(model, key))
            else:
                name, value = self.condition(model, key)
                keywords[name] = value
        return ", ".join(trees + [f"{name}={value}" for name, value in keywords.items()])
