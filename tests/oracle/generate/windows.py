"""Window functions and PostgreSQL's own aggregates, in an order that is total."""

from __future__ import annotations

from .draw import Draw
from .schema import Model

RANKS = ("RowNumber", "Rank", "DenseRank", "PercentRank", "CumeDist", "Ntile")
NEIGHBOURS = ("Lag", "Lead", "FirstValue", "LastValue", "NthValue")
FRAMES = (
    "RowRange(start=-2, end=0)",
    "RowRange(start=None, end=None)",
    "RowRange(start=0, end=1)",
    "ValueRange(start=None, end=0)",
)
POSTGRES = ("ArrayAgg", "StringAgg", "JSONBAgg", "BitAnd", "BitOr", "BoolOr", "BoolAnd")


class Windows:
    def __init__(self, draw: Draw, conditions):
        self.draw = draw
        self.conditions = conditions  # Predicates.condition

    def near(self, model: Model, *types: str) -> str | None:
        path = self.draw.path(model, *types, multi=False)
        return path.text if path else None

    def order(self, model: Model) -> str:
        name = self.near(model, "int", "decimal", "date", "datetime", "text")
        sign = self.draw.pick(["", "-"])
        first = [f'"{sign}{name}"'] if name else []
        return f"[{', '.join([*first, *(f'{chr(34)}{part}{chr(34)}' for part in model.keys)])}]"

    def window(self, model: Model) -> tuple[str, str] | None:
        """A Window and its type."""
        draw = self.draw
        call, kind = self.function(model)
        parts = [call, f"order_by={self.order(model)}"]
        partition = self.near(model, "text", "bool", "int")
        if partition and draw.chance(0.6):
            parts.append(f'partition_by=F("{partition}")')
        if call.startswith(("Sum", "Count", "Min", "Max", "Avg")) and draw.chance(0.5):
            parts.append(f"frame={draw.pick(FRAMES)}")
        return f"Window({', '.join(parts)})", kind

    def function(self, model: Model) -> tuple[str, str]:
        draw = self.draw
        name = self.near(model, "decimal", "int")
        form = draw.construct("window", *RANKS, *(NEIGHBOURS if name else ()), "Count", "Sum")
        if form in RANKS:
            number = draw.number(1, 4) if form == "Ntile" else ""
            return f"{form}({number})", "float" if form in ("PercentRank", "CumeDist") else "int"
        if form == "Count" or name is None:
            return 'Count("*")', "int"
        if form == "Sum":
            return f'{draw.pick(["Sum", "Min", "Max"])}("{name}")', "number"
        number = f", {draw.number(1, 3)}" if form in ("Lag", "Lead", "NthValue") else ""
        return f'{form}("{name}"{number})', "number"

    def aggregate(self, model: Model, key) -> tuple[str, str, str] | None:
        """As Querysets.aggregate(): without the closing bracket, its type, its default's source."""
        draw = self.draw
        form = draw.construct("aggregate", *POSTGRES)
        if form in ("BoolOr", "BoolAnd"):
            name, value = self.conditions(model, key, multi=False)
            return f"{form}(Q({name}={value})", "bool", "False"
        types = {"StringAgg": ("text",), "BitAnd": ("int",), "BitOr": ("int",)}
        path = draw.path(model, *types.get(form, ("text", "int", "date")), multi=None)
        if path is None:
            return None
        if form in ("BitAnd", "BitOr"):
            return f'{form}("{path.text}"', "int", "0"
        distinct = ", distinct=True" if draw.chance(0.3) else ""
        separator = ', "; "' if form == "StringAgg" else ""
        order = f', order_by="{draw.pick(["", "-"])}{path.text}"'
        default = {"ArrayAgg": "[]", "StringAgg": 'Value("none")'}.get(form, "")
        return f'{form}("{path.text}"{separator}{distinct}{order}', form, default
