"""Whole answers: a queryset and its end, or several of them and the glue between."""

from __future__ import annotations

from cases import Case

from .draw import Draw, literal
from .querysets import Query, Querysets

# What a snippet ends in; those with more inside come more often.
ENDS = (
    *(["values"] * 5 + ["group"] * 3 + ["rows"] * 2 + ["aggregate"] * 2),
    *("count", "exists", "first_last", "get", "latest", "in_bulk", "distinct", "comprehension"),
    *("dictionary", "sum", "fold", "percentage", "several", "attributes", "text", "conditional"),
    *("sorted", "related"),
)


class Programs:
    def __init__(self, draw: Draw, prefix: str):
        self.draw = draw
        self.querysets = Querysets(draw)
        self.prefix = prefix
        self.made = 0

    def case(self) -> Case:
        end = self.draw.construct("program", self.draw.pick(ENDS))
        snippet = getattr(self, f"make_{end}")()
        self.made += 1
        zone = self.draw.random.choices(
            ["Europe/Berlin", "UTC", "America/New_York", "Asia/Kathmandu"], [70, 15, 10, 5]
        )[0]
        return Case(f"{self.prefix}{self.made}", snippet + "\n", tz=zone, tags=[end])

    def base(self, annotations: int | None = None, least: int = 0) -> Query:
        """A filtered, perhaps annotated queryset."""
        draw = self.draw
        query = self.querysets.filtered(self.querysets.start(), least)
        if annotations is None:
            annotations = draw.random.choices([0, 1, 2], [35, 45, 20])[0]
        return self.querysets.annotated(query, annotations)

    def ended(self, query: Query) -> str:
        """`objects` alone is no queryset."""
        return query.text + (".all()" if query.text.endswith(".objects") else "")

    # -- one query

    def make_rows(self) -> str:
        query = self.querysets.ordered(self.base())
        return f"result = {self.querysets.cut(query.text)}"

    def make_values(self) -> str:
        query = self.querysets.ordered(self.base(annotations=self.draw.number(1, 3)))
        text = self.querysets.values(query).text
        if self.draw.chance(0.4):
            text = self.querysets.cut(text)
        return f"result = {'list(' + text + ')' if self.draw.chance(0.3) else text}"

    def make_group(self) -> str:
        query = self.querysets.grouped(self.base(annotations=0))
        return f"result = {query.text}"

    def make_aggregate(self) -> str:
        query = self.base(annotations=0)
        parts = []
        for index in range(self.draw.number(1, 3)):
            text, _ = self.querysets.aggregate_call(query.model, query.key)
            parts.append(f"x{index}={text}")
        return f"result = {query.call('aggregate', ', '.join(parts)).text}"

    def make_count(self) -> str:
        query = self.base(least=1)
        form = self.draw.construct("count of", "rows", "distinct", "slice", "values", "group")
        if form == "distinct":
            query.call("distinct")
        elif form == "slice":
            query = self.querysets.ordered(query)
            return f"result = {self.querysets.cut(query.text)}.count()"
        elif form == "values":
            query = self.querysets.values(query).call("distinct")
        elif form == "group":
            query = self.querysets.grouped(self.base(annotations=0, least=1))
        return f"result = {query.call('count').text}"

    def make_exists(self) -> str:
        query = self.base(least=1)
        return f"result = {query.call('exists').text}"

    def make_first_last(self) -> str:
        query = self.querysets.ordered(self.base(least=1))
        if self.draw.chance(0.4):
            query = self.querysets.values(query)
        return f"result = {query.call(self.draw.construct('method', 'first', 'last')).text}"

    def make_get(self) -> str:
        query = self.base(annotations=1 if self.draw.chance(0.4) else 0)
        key = query.key if self.draw.chance(0.8) else self.draw.witness(query.model)
        if self.draw.chance(0.3):
            query = self.querysets.values(query)
        self.draw.construct("method", "get")
        return f"result = {query.call('get', f'pk={literal(key)}').text}"

    def make_latest(self) -> str:
        query = self.base(annotations=0, least=1)
        path = self.draw.path(query.model, multi=False)
        names = f'"{path.text}", "pk"' if path else '"pk"'
        method = self.draw.construct("method", "latest", "earliest")
        return f"result = {query.call(method, names).text}"

    def make_in_bulk(self) -> str:
        query = self.base(annotations=0)
        keys = [query.key, *(self.draw.witness(query.model) for _ in range(3))]
        self.draw.construct("method", "in_bulk")
        listed = ", ".join(map(literal, keys))
        return f"result = {query.call('in_bulk', f'[{listed}]').text}"

    def make_distinct(self) -> str:
        query = self.querysets.filtered(self.querysets.start(), 1)
        names = self.querysets.columns(query, 2) or ["pk"]
        listed = ", ".join(f'"{name}"' for name in names)
        query.call("order_by", listed).call("values_list", listed)
        self.draw.construct("method", "distinct")
        return f"result = {query.call('distinct').text}"

    # -- glue

    def rows(self, least: int = 0) -> tuple[str, Query]:
        """An ordered and cut queryset of instances, with the query that it came from."""
        query = self.querysets.ordered(self.base(annotations=0, least=least))
        return self.querysets.cut(query.text), query

    def make_comprehension(self) -> str:
        text, query = self.rows()
        fields = self.draw.sample(query.model.fields, 2) or []
        attributes = ", ".join(f"row.{f.name}" for f in fields) or "row.pk"
        test = f" if row.{fields[0].name} is not None" if fields and self.draw.chance(0.4) else ""
        self.draw.construct("glue", "list comprehension")
        return f"result = [({attributes}, row.pk) for row in {text}{test}]"

    def make_dictionary(self) -> str:
        query = self.querysets.ordered(self.base(annotations=1))
        names = self.querysets.columns(query, 1) or ["pk"]
        form = self.draw.construct("glue", "dict(values_list)", "dict comprehension")
        if form == "dict(values_list)":
            return f'result = dict({query.text}.values_list("pk", "{names[0]}"))'
        text = self.querysets.cut(f'{query.text}.values("pk", "{names[0]}")')
        return f'result = {{row["pk"]: row["{names[0]}"] for row in {text}}}'

    def make_sum(self) -> str:
        query = self.base(annotations=0, least=1)
        numbers = [f for f in query.model.typed("int", "decimal") if f.name != "big"]
        name = self.draw.pick(numbers).name if numbers else "pk"
        form = self.draw.construct("glue", "sum", "max", "min", "any", "all", "len")
        if not numbers or form == "len":
            return f"result = len({self.ended(query)})"
        if form in ("any", "all"):
            return f"result = {form}(row.{name} for row in {self.ended(query)})"
        element = f"row.{name} or 0"
        tail = "" if form == "sum" else ", default=None"
        source = f"{element} for row in {self.ended(query)}"
        return f"result = {form}({f'({source})' if tail else source}{tail})"

    def make_fold(self) -> str:
        text, query = self.rows()
        draw = self.draw
        one = draw.pick(query.model.fields or [None])
        name = one.name if one else "pk"
        match draw.construct("glue", "fold append", "fold count", "fold dict", "fold setdefault"):
            case "fold append":
                body = f"    if row.{name} is not None:\n        found.append(row.{name})"
                return f"found = []\nfor row in {text}:\n{body}\nresult = found"
            case "fold count":
                body = f"    if row.{name}:\n        n += 1\n    else:\n        m += 1"
                return f"n = m = 0\nfor row in {text}:\n{body}\nresult = [n, m]"
            case "fold dict":
                body = f"    found[row.{name}] = found.get(row.{name}, 0) + 1"
                return f"found = {{}}\nfor row in {text}:\n{body}\nresult = found"
        body = f"    found.setdefault(row.{name}, []).append(row.pk)"
        return f"found = {{}}\nfor row in {text}:\n{body}\nresult = found"

    def make_percentage(self) -> str:
        query = self.base(annotations=0, least=1)
        self.draw.construct("glue", "percentage")
        return (
            f"part = {query.text}.count()\n"
            f"total = {query.model.name}.objects.count()\n"
            "result = round(part * 100 / total, 1) if total else None"
        )

    def make_several(self) -> str:
        self.draw.construct("glue", "dict of answers")
        first = self.base(annotations=0, least=1)
        second = self.querysets.filtered(self.querysets.start(first.model), 1)
        text, _ = self.querysets.aggregate_call(first.model, first.key)
        return (
            f"rows = {self.ended(first)}\n"
            f"others = {self.ended(second)}\n"
            f'result = {{"n": rows.count(), "m": others.count(), '
            f'"x": rows.aggregate(x={text})["x"], "ids": list(rows.order_by("pk").values_list('
            '"pk", flat=True)[:5])}'
        )

    def make_attributes(self) -> str:
        """Attributes across forward relations, guarded where they may be None."""
        text, query = self.rows()
        steps = [r for r in query.model.relations if r.column]
        if not steps:
            return f"result = [row.pk for row in {text}]"
        step = self.draw.pick(steps)
        self.draw.relations[step.kind] += 1
        fields = self.draw.target(step).fields
        name = self.draw.pick(fields).name if fields else "pk"
        guard = f" if row.{step.name} else None" if step.null else ""
        self.draw.construct("glue", "attribute across relation")
        return f"result = [row.{step.name}.{name}{guard} for row in {text}]"

    def make_related(self) -> str:
        """The related manager of one row."""
        query = self.querysets.start()
        managers = [r for r in query.model.relations if r.multi and r.accessor]
        if not managers:
            return self.make_values()
        step = self.draw.pick(managers)
        self.draw.relations[step.kind] += 1
        model = self.draw.target(step)
        related = Query(model, self.draw.witness(model), f"row.{step.accessor}")
        related.call("all")
        self.draw.construct("glue", "related manager")
        end = self.draw.pick(["count", "rows", "aggregate"])
        first = f"row = {query.model.name}.objects.get(pk={literal(query.key)})"
        if end == "count":
            return f"{first}\nresult = {related.text}.count()"
        if end == "aggregate":
            text, _ = self.querysets.aggregate_call(model, related.key)
            return f"{first}\nresult = {related.text}.aggregate(x={text})"
        query = self.querysets.values(self.querysets.ordered(related))
        return f"{first}\nresult = {query.text}"

    def make_text(self) -> str:
        query = self.base(annotations=0, least=1)
        self.draw.construct("glue", "f-string")
        return (
            f"n = {query.text}.count()\n"
            f'result = f"{{n}} of {{{query.model.name}.objects.count()}}: {{n / 7:.2f}}"'
        )

    def make_conditional(self) -> str:
        query = self.base(annotations=0, least=1)
        self.draw.construct("glue", "conditional")
        return (
            f"rows = {self.ended(query)}\n"
            'result = list(rows.order_by("pk").values_list("pk", flat=True)[:7]) '
            'if rows.exists() else "nothing"'
        )

    def make_sorted(self) -> str:
        query = self.base(annotations=0)
        texts = [f for f in query.model.fields if not f.null and f.type in ("text", "int")]
        name = self.draw.pick(texts).name if texts else "pk"
        way = ", reverse=True" if self.draw.chance(0.4) else ""
        self.draw.construct("glue", "sorted with key")
        text = f"sorted({self.ended(query)}, key=lambda row: (row.{name}, row.pk){way})"
        return f"result = [(row.{name}, row.pk) for row in {text}][:20]"
