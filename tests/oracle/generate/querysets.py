"""Querysets, as source: what is filtered, annotated, grouped, ordered and cut."""

from __future__ import annotations

from dataclasses import dataclass, field

from .draw import Draw, literal
from .expressions import Expressions
from .predicates import Predicates
from .schema import Model

AGGREGATES = ("Count", "Sum", "Avg", "Min", "Max", "StdDev", "Variance")
NUMBERS = ("int", "decimal", "float")
# Sums of these leave the range of their type, or hold NaN and infinities.
EXTREME = {"big", "positive_big", "real", "population", "rating"}


@dataclass
class Query:
    model: Model
    key: object
    text: str
    annotations: dict[str, str] = field(default_factory=dict)  # name -> type

    def call(self, method: str, arguments: str = "") -> Query:
        self.text += f".{method}({arguments})"
        return self


class Querysets:
    def __init__(self, draw: Draw):
        self.draw = draw
        self.predicates = Predicates(draw)
        self.expressions = Expressions(draw, self.predicates)

    # -- rows

    def start(self, model: Model | None = None) -> Query:
        model = model or self.draw.model()
        return Query(model, self.draw.witness(model), f"{model.name}.objects")

    def filtered(self, query: Query, least: int = 0) -> Query:
        draw = self.draw
        for _ in range(draw.random.choices([0, 1, 2], [15, 60, 25])[0] or least):
            count = draw.random.choices([1, 2, 3], [60, 30, 10])[0]
            draw.construct("method", "filter")
            query.call("filter", self.predicates.arguments(query.model, query.key, count))
        if draw.chance(0.25):
            self.excluded(query)
        if draw.chance(0.1):
            expression = self.expressions.make_exists(query.model, query.key)
            if expression:
                query.call("filter", expression)
        return query

    def excluded(self, query: Query) -> None:
        """Conditions of another row, so that the witness mostly stays."""
        draw = self.draw
        draw.construct("method", "exclude")
        other = draw.witness(query.model)
        for _ in range(4):
            name, value = self.predicates.condition(query.model, other)
            own = draw.value(query.model, name.split("__")[0], query.key)
            if literal(own) != value and not name.endswith(("isnull", "gte", "lte", "gt", "lt")):
                break
        query.call("exclude", f"{name}={value}")

    def aggregate(self, model: Model, multi: bool | None = None) -> tuple[str, str, str]:
        """An aggregate call without its closing bracket, its type, its default's source."""
        draw = self.draw
        if multi is not True and draw.chance(0.2):
            found = self.of_expression(model)
            if found:
                return found
        if draw.chance(0.2):
            found = self.expressions.windows.aggregate(model, draw.witness(model))
            if found:
                return found
        name = draw.construct("aggregate", *AGGREGATES)
        if name == "Count":
            steps = draw.steps(model, 1, multi)
            target = steps[-1].name if steps else "pk"
            distinct = ", distinct=True" if draw.chance(0.4) else ""
            return f'Count("{target}"{distinct}', "int", ""
        types = (*NUMBERS, "date", "datetime") if name in ("Min", "Max") else NUMBERS
        for _ in range(5):
            path = draw.path(model, *types, multi=multi)
            if path and path.field.name not in EXTREME:
                break
        else:
            path = None
        if path is None or path.field.name in EXTREME:
            return 'Count("pk"', "int", ""
        kind = path.field.type
        if name in ("Avg", "StdDev", "Variance") and kind == "int":
            kind = "float"
        default = {"int": "0", "float": "0.0", "decimal": 'Decimal("0")'}.get(kind, "")
        return f'{name}("{path.text}"', kind, default

    def of_expression(self, model: Model) -> tuple[str, str, str] | None:
        kind = self.draw.pick(["int", "decimal"])
        text = getattr(self.expressions, f"make_{kind}")(model, self.draw.witness(model))
        if text is None:
            return None
        name = self.draw.construct("aggregate of expression", "Sum", "Min", "Max", "Avg", "Count")
        if name == "Count":
            return f"Count({text}", "int", ""
        return f"{name}({text}", "float" if name == "Avg" and kind == "int" else kind, ""

    def aggregate_call(self, model: Model, key, multi: bool | None = None) -> tuple[str, str]:
        draw = self.draw
        text, kind, default = self.aggregate(model, multi)
        if draw.chance(0.25):
            draw.construct("aggregate option", "filter")
            name, value = self.predicates.condition(model, key)
            text += f", filter=Q({name}={value})"
        if default and draw.chance(0.25):
            draw.construct("aggregate option", "default")
            text += f", default={default}"
        return text + ")", kind

    def annotated(self, query: Query, count: int) -> Query:
        draw = self.draw
        for _ in range(count):
            name = f"a{len(query.annotations)}"
            if draw.chance(0.35):
                text, kind = self.aggregate_call(query.model, query.key, multi=True)
                kind = f"aggregate {kind}"
            else:
                found = self.expressions.any(query.model, query.key)
                if found is None:
                    continue
                text, kind = found
            query.call(draw.construct("method", "annotate"), f"{name}={text}")
            query.annotations[name] = kind
            self.after_annotation(query, name, kind)
        return query

    def after_annotation(self, query: Query, name: str, kind: str) -> None:
        """A condition on the annotation: HAVING for an aggregate."""
        draw = self.draw
        if not draw.chance(0.35):
            return
        having = kind.startswith("aggregate")
        match kind.removeprefix("aggregate "):
            case "int":
                draw.construct("condition on", "aggregate" if having else "expression")
                query.call("filter", f"{name}__gte={draw.number(0, 1)}")
            case "decimal" | "float":
                draw.construct("condition on", "aggregate" if having else "expression")
                query.call("filter", f"Q({name}__gte=0) | Q({name}__isnull=True)")
            case "bool" | "exists":
                query.call("filter", f"{name}={draw.pick([True, False])}")
            case "text":
                query.call("exclude", f'{name}="nobody"')

    # -- order and cuts

    def ordered(self, query: Query, total: bool = True) -> Query:
        """By paths and annotations; with the key in the end when the order must be total."""
        draw = self.draw
        keys = []
        for _ in range(draw.random.choices([0, 1, 2], [40, 45, 15])[0]):
            sign = draw.pick(["", "-"])
            form = draw.construct("order", "field", "relation", "annotation", "nulls", "expression")
            if form == "annotation" and query.annotations:
                keys.append(f'"{sign}{draw.pick(query.annotations)}"')
                continue
            if form == "relation":
                steps = draw.steps(query.model, 1, False)
                if steps:
                    keys.append(f'"{sign}{steps[0].name}"')
                    continue
            path = draw.path(query.model, multi=False)
            if path is None:
                continue
            if form == "nulls":
                way, where = draw.pick(["asc", "desc"]), draw.pick(["first", "last"])
                keys.append(f'F("{path.text}").{way}(nulls_{where}=True)')
            elif form == "expression" and path.field.type == "text":
                keys.append(f'Lower("{path.text}").{draw.pick(["asc", "desc"])}()')
            else:
                keys.append(f'"{sign}{path.text}"')
        if total:
            keys.append(draw.pick(['"pk"', '"-pk"']))
        if keys:
            draw.construct("method", "order_by")
            query.call("order_by", ", ".join(keys))
            if draw.chance(0.1):
                draw.construct("method", "reverse")
                query.call("reverse")
        return query

    def cut(self, text: str) -> str:
        """A slice; the order is total. Some are slices of slices."""
        draw = self.draw
        form = draw.construct("slice", "stop", "both", "slice of slice", "start")
        if form == "stop":
            return f"{text}[:{draw.number(1, 20)}]"
        low = draw.number(0, 2)
        if form == "both":
            return f"{text}[{low}:{low + draw.number(1, 20)}]"
        if form == "start":
            return f"{text}[{low}:][:{draw.number(1, 30)}]"
        return f"{text}[{low}:{low + 20}][{draw.number(0, 1)}:{draw.number(2, 9)}]"

    # -- columns

    def columns(self, query: Query, count: int, multi: bool | None = False) -> list[str]:
        found = []
        for _ in range(count):
            path = self.draw.path(query.model, multi=multi)
            if path and path.text not in found:
                found.append(path.text)
        chosen = self.draw.sample(query.annotations, 2)
        return found + [name for name in chosen if name not in found]

    def values(self, query: Query, flat: bool = False) -> Query:
        names = self.columns(query, 1 if flat else self.draw.number(1, 3)) or ["pk"]
        form = "flat" if flat else self.draw.construct("values", "values", "values_list", "flat")
        if form == "flat":
            return query.call("values_list", f'"{names[0]}", flat=True')
        return query.call(form, ", ".join(f'"{name}"' for name in names))

    def grouped(self, query: Query) -> Query:
        """values(...).annotate(...), ordered by what it is grouped by."""
        draw = self.draw
        keys = []
        for _ in range(draw.random.choices([1, 2], [70, 30])[0]):
            form = draw.construct("group by", "field", "relation", "expression", "multi")
            if form == "expression":
                found = self.expressions.any(query.model, query.key)
                if found and found[1] in ("int", "text", "part", "moment", "bool"):
                    name = f"g{len(keys)}"
                    query.call("annotate", f"{name}={found[0]}")
                    keys.append(name)
                    continue
            if form == "relation":
                steps = draw.steps(query.model, 1, False)
                if steps:
                    keys.append(steps[0].name)
                    continue
            path = draw.path(query.model, multi=None if form == "multi" else False)
            if path and path.field.name != "real":
                keys.append(path.text)
        keys = list(dict.fromkeys(keys)) or ["pk"]
        query.call("values", ", ".join(f'"{name}"' for name in keys))
        draw.construct("method", "values then annotate")
        names = []
        for index in range(draw.number(1, 2)):
            text, kind = self.aggregate_call(query.model, query.key)
            names.append(f"n{index}")
            query.call("annotate", f"n{index}={text}")
            self.after_annotation(query, names[-1], f"aggregate {kind}")
        order = [draw.pick(["", "-"]) + name for name in keys]
        if draw.chance(0.4):
            order.insert(0, draw.pick(["", "-"]) + draw.pick(names))
        return query.call("order_by", ", ".join(f'"{name}"' for name in order))
