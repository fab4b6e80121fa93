"""Typed expressions, as source. Each maker returns text of the type that it is named for."""

from __future__ import annotations

from .draw import Draw, literal
from .predicates import Predicates
from .schema import Model
from .windows import Windows

# Columns whose seeded values are at the limits of their types: arithmetic would overflow.
EXTREME = {"nasty.Gadget", "nasty.Flight"}
EXTRACTS = ("Year", "Month", "Day", "Week", "WeekDay", "IsoWeekDay", "IsoYear", "Quarter")
CLOCK = ("Hour", "Minute", "Second")
TRUNCS = ("Year", "Quarter", "Month", "Week", "Day")


class Expressions:
    def __init__(self, draw: Draw, predicates: Predicates):
        self.draw = draw
        self.predicates = predicates
        self.windows = Windows(draw, predicates.condition)

    def any(self, model: Model, key, multi: bool | None = False) -> tuple[str, str] | None:
        """An expression with its type."""
        kinds = ("int", "decimal", "text", "part", "moment", "bool", "subquery", "exists", "float")
        kinds += ("window", "similarity", "rank", "array")
        for _ in range(6):
            kind = self.draw.construct("expression", *kinds)
            found = getattr(self, f"make_{kind}")(model, key)
            if found:
                return found, kind
        return None

    def column(self, model: Model, *types: str) -> str | None:
        path = self.draw.path(model, *types, multi=False)
        return path.text if path else None

    def f(self, name: str) -> str:
        return f'F("{name}")'

    # -- numbers

    def make_int(self, model: Model, key) -> str | None:
        draw = self.draw
        name = None if model.label in EXTREME else self.column(model, "int")
        if name is None or name.endswith(("population", "seats")):
            return self.length(model)
        if name.split("__")[-1] in self.big_names():
            return self.length(model)
        base = self.f(name)
        match draw.construct("integer", "+", "-", "*", "abs", "coalesce", "length", "case", "bare"):
            case "+":
                return f"{base} + {draw.number(1, 9)}"
            case "-":
                return f"{draw.number(1, 9)} - {base}"
            case "*":
                return f"({base} + 1) * {draw.number(2, 5)}"
            case "abs":
                return f"Abs({base} - {draw.number(1, 9)})"
            case "coalesce":
                return f'Coalesce("{name}", Value({draw.number(0, 5)}))'
            case "length":
                return self.length(model)
            case "case":
                return self.case(model, key, f"Value({draw.number(1, 3)})", "Value(0)")
        return base

    @staticmethod
    def big_names() -> set[str]:
        return {"big", "positive", "positive_big", "integer", "small", "population", "seats"}

    def length(self, model: Model) -> str | None:
        name = self.column(model, "text")
        return f'Length("{name}")' if name else None

    def make_decimal(self, model: Model, key) -> str | None:
        draw = self.draw
        name = self.column(model, "decimal")
        if name is None:
            return None
        base = self.f(name)
        form = draw.construct(
            *("decimal", "*int", "*decimal", "/", "-", "round", "floor", "ceil", "coalesce"),
            *("greatest", "least", "nullif", "case"),
        )
        match form:
            case "*int":
                return f"{base} * {draw.number(2, 9)}"
            case "*decimal":
                return f'{base} * Decimal("1.19")'
            case "/":
                return f"{base} / {draw.number(2, 9)}"
            case "-":
                other = self.column(model, "decimal") or name
                return f"{base} - {self.f(other)}"
            case "round":
                return f'Round("{name}", {draw.number(0, 1)})'
            case "floor" | "ceil":
                return f'{form.title()}("{name}")'
            case "coalesce":
                return f'Coalesce("{name}", Decimal("0"))'
            case "greatest" | "least":
                return f'{form.title()}("{name}", Value(Decimal("50.00")))'
            case "nullif":
                return f'NullIf("{name}", Value(Decimal("0")))'
        return self.case(model, key, base, 'Value(Decimal("0.00"))')

    def make_float(self, model: Model, key) -> str | None:
        name = self.column(model, "float")
        if name is None or name.split("__")[-1] == "real":
            return None
        match self.draw.construct("float", "*", "round", "coalesce", "cast"):
            case "*":
                return f'F("{name}") * 2'
            case "round":
                return f'Round("{name}")'
            case "coalesce":
                return f'Coalesce("{name}", Value(0.0))'
        return f'Cast("{name}", FloatField())'

    # -- text

    def make_text(self, model: Model, key) -> str | None:
        draw = self.draw
        name = self.column(model, "text")
        if name is None:
            return None
        form = draw.construct(
            *("text", "Lower", "Upper", "Trim", "Concat", "Substr", "Left", "Replace"),
            *("Coalesce", "Case", "Cast"),
        )
        match form:
            case "Concat":
                other = self.column(model, "text") or name
                return f'Concat("{name}", Value(" / "), "{other}", output_field=TextField())'
            case "Substr":
                return f'Substr("{name}", {draw.number(1, 3)}, {draw.number(1, 4)})'
            case "Left":
                return f'Left("{name}", {draw.number(1, 3)})'
            case "Replace":
                return f'Replace("{name}", Value("a"), Value("_"))'
            case "Coalesce":
                return f'Coalesce("{name}", Value("?"), output_field=TextField())'
            case "Case":
                return self.case(model, key, 'Value("yes")', 'Value("no")')
            case "Cast":
                other = self.column(model, "int", "date") or name
                return f'Cast("{other}", TextField())'
        return f'{form}("{name}")'

    # -- django.contrib.postgres

    def make_window(self, model: Model, key) -> str | None:
        if model.label in EXTREME:
            return None
        found = self.windows.window(model)
        return found[0] if found else None

    def make_similarity(self, model: Model, key) -> str | None:
        name = self.column(model, "text")
        if name is None:
            return None
        form = self.draw.construct("trigram", "Similarity", "Distance", "WordSimilarity")
        text = self.draw.pick(["cat", "Berlin", "a"])
        both = f'"{text}", "{name}"' if form.startswith("Word") else f'"{name}", "{text}"'
        return f"Trigram{form}({both})"

    def make_rank(self, model: Model, key) -> str | None:
        name = self.column(model, "text")
        if name is None:
            return None
        vector = f'SearchVector("{name}", config="english")'
        return f'SearchRank({vector}, SearchQuery("cats", config="english"))'

    def make_array(self, model: Model, key) -> str | None:
        link = self.link(model)
        if link is None:
            return None
        other, name = link
        rows = f'{other.name}.objects.filter({name}=OuterRef("pk"))'
        chosen = self.draw.pick(other.keys)
        return f'ArraySubquery({rows}.order_by("{chosen}").values("{chosen}")[:3])'

    # -- moments

    def make_part(self, model: Model, key) -> str | None:
        name = self.column(model, "date", "datetime")
        if name is None:
            return None
        parts = EXTRACTS
        part = self.draw.construct("extract", *parts)
        return f'Extract{part}("{name}")'

    def make_moment(self, model: Model, key) -> str | None:
        name = self.column(model, "datetime")
        if name is None:
            return None
        form = self.draw.construct("trunc", *TRUNCS, "Date", "Extract hour")
        if form == "Extract hour":
            return f'Extract{self.draw.pick(CLOCK)}("{name}")'
        return f'Trunc{form}("{name}")'

    # -- conditions

    def case(self, model: Model, key, then: str, default: str) -> str:
        draw = self.draw
        whens = []
        for _ in range(draw.number(1, 2)):
            row = key if draw.chance(0.5) else draw.witness(model)
            name, value = self.predicates.condition(model, row, multi=False)
            whens.append(f"When({name}={value}, then={then})")
        draw.construct("expression", "case")
        return f"Case({', '.join(whens)}, default={default})"

    def make_bool(self, model: Model, key) -> str | None:
        name, value = self.predicates.condition(model, key, multi=False)
        condition = f"Q({name}={value})"
        return f"Case(When({condition}, then=Value(True)), default=Value(False))"

    # -- sub-queries

    def link(self, model: Model):
        """A model that points at this one by a plain key, with the name of the key."""
        found = [
            (other, relation.name)
            for other in self.draw.models
            for relation in other.relations
            if relation.target == model.label
            and relation.column
            and relation.kind in ("fk", "self fk", "o2o")
        ]
        return self.draw.pick(found) if found else None

    def make_exists(self, model: Model, key) -> str | None:
        link = self.link(model)
        if link is None:
            return None
        other, name = link
        row = self.draw.witness(other)
        condition = self.predicates.arguments(other, row, 1)
        sign = self.draw.construct("exists", "", "~")
        order = f'{name}=OuterRef("pk")'
        if condition.startswith(("Q(", "~Q(", "(", "~(")):
            order, condition = condition, order
        if f"{name}=" in condition and f"{name}=" in order:
            condition = ""
        both = ", ".join(part for part in (order, condition) if part)
        return f"{sign}Exists({other.name}.objects.filter({both}))"

    def make_subquery(self, model: Model, key) -> str | None:
        link = self.link(model)
        if link is None:
            return None
        other, name = link
        inner = f'{other.name}.objects.filter({name}=OuterRef("pk"))'
        fields = other.typed("int", "decimal", "text", "date", "datetime")
        if not fields:
            return None
        match self.draw.construct("subquery", "newest", "oldest", "count"):
            case "count":
                grouped = f'{inner}.order_by().values("{name}")'
                return f'Subquery({grouped}.annotate(n=Count("pk")).values("n"))'
            case form:
                sign = "-" if form == "newest" else ""
                chosen = self.draw.pick(fields).name
                return f'Subquery({inner}.order_by("{sign}pk").values("{chosen}")[:1])'

    def constant(self, value) -> str:
        return f"Value({literal(value)})"
