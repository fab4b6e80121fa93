"""Python source -> the JSON form of program::Expr that eval_tool reads."""

from __future__ import annotations

import ast
from itertools import count

MODULES = {"math", "datetime", "timezone", "uuid", "decimal", "zoneinfo", "operator"}
CLASSES = {
    "Decimal": "decimal.Decimal",
    "UUID": "uuid.UUID",
    "ZoneInfo": "zoneinfo.ZoneInfo",
    "date": "datetime.date",
    "time": "datetime.time",
    "timedelta": "datetime.timedelta",
}
CONSTANTS = {
    "math.pi",
    "math.e",
    "math.tau",
    "math.inf",
    "math.nan",
    "datetime.timezone.utc",
    "datetime.date.min",
    "datetime.date.max",
    "datetime.datetime.max",
}


class Converter:
    def __init__(self):
        self.slots = count()
        self.scope: dict[str, int] = {}

    def dotted(self, node) -> str | None:
        """The name of a builtin, a module's function or a class method."""
        if isinstance(node, ast.Name):
            if node.id in self.scope:
                return None
            return CLASSES.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            base = self.dotted(node.value)
            if base and base.split(".")[0] in MODULES | {"dict"}:
                return f"{base}.{node.attr}"
        return None

    def target(self, node):
        if isinstance(node, ast.Name):
            self.scope[node.id] = next(self.slots)
            return self.scope[node.id]
        return [self.target(item) for item in node.elts]

    def comprehension(self, kind, node, element, value):
        outer = dict(self.scope)
        generators = []
        for generator in node.generators:
            iterable = self.convert(generator.iter)
            target = self.target(generator.target)
            generators.append([target, iterable, [self.convert(i) for i in generator.ifs]])
        converted = [
            "comprehension",
            kind,
            self.convert(element),
            self.convert(value) if value else None,
            generators,
        ]
        self.scope = outer
        return converted

    def convert(self, node):
        return getattr(self, "on_" + type(node).__name__)(node)

    def on_Expression(self, node):
        return self.convert(node.body)

    def on_Constant(self, node):
        kind = "none" if node.value is None else type(node.value).__name__
        text = repr(node.value) if kind == "float" else str(node.value)
        return ["const", kind, text]

    def on_Name(self, node):
        return ["local", self.scope[node.id]]

    def on_UnaryOp(self, node):
        return ["unary", type(node.op).__name__, self.convert(node.operand)]

    def on_BinOp(self, node):
        return [
            "binary",
            type(node.op).__name__,
            self.convert(node.left),
            self.convert(node.right),
        ]

    def on_Compare(self, node):
        rest = [
            [type(op).__name__, self.convert(operand)]
            for op, operand in zip(node.ops, node.comparators)
        ]
        return ["compare", self.convert(node.left), rest]

    def on_BoolOp(self, node):
        return ["bool", type(node.op).__name__, [self.convert(v) for v in node.values]]

    def on_IfExp(self, node):
        return [
            "if",
            self.convert(node.test),
            self.convert(node.body),
            self.convert(node.orelse),
        ]

    def on_JoinedStr(self, node):
        pieces, text = [], ""
        for value in node.values:
            if isinstance(value, ast.Constant):
                text += value.value
                continue
            spec = self.convert(value.format_spec) if value.format_spec else None
            pieces.append([text, self.convert(value.value), max(value.conversion, 0), spec])
            text = ""
        if text:
            pieces.append([text, None, 0, None])
        return ["format", pieces]

    def display(self, kind, items):
        return [
            "display",
            kind,
            [
                [True, self.convert(item.value)]
                if isinstance(item, ast.Starred)
                else [False, self.convert(item)]
                for item in items
            ],
        ]

    def on_List(self, node):
        return self.display("list", node.elts)

    def on_Tuple(self, node):
        return self.display("tuple", node.elts)

    def on_Set(self, node):
        return self.display("set", node.elts)

    def on_Dict(self, node):
        return [
            "dict",
            [
                [self.convert(k) if k else None, self.convert(v)]
                for k, v in zip(node.keys, node.values)
            ],
        ]

    def on_Subscript(self, node):
        if isinstance(node.slice, ast.Slice):
            parts = (node.slice.lower, node.slice.upper, node.slice.step)
            return [
                "slice",
                self.convert(node.value),
                *(self.convert(part) if part else None for part in parts),
            ]
        return ["index", self.convert(node.value), self.convert(node.slice)]

    def on_Attribute(self, node):
        name = self.dotted(node)
        if name in CONSTANTS:
            return ["call", name, [], {}]
        return ["attribute", self.convert(node.value), node.attr]

    def on_Lambda(self, node):
        outer = dict(self.scope)
        slot = next(self.slots)
        self.scope[node.args.args[0].arg] = slot
        body = self.convert(node.body)
        self.scope = outer
        return ["lambda", slot, body]

    def on_Call(self, node):
        arguments = [self.convert(a) for a in node.args]
        keywords = {k.arg: self.convert(k.value) for k in node.keywords}
        name = self.dotted(node.func)
        if name:
            return ["call", name, arguments, keywords]
        return [
            "method",
            self.convert(node.func.value),
            node.func.attr,
            arguments,
            keywords,
        ]

    def on_ListComp(self, node):
        return self.comprehension("list", node, node.elt, None)

    def on_SetComp(self, node):
        return self.comprehension("set", node, node.elt, None)

    def on_GeneratorExp(self, node):
        return self.comprehension("generator", node, node.elt, None)

    def on_DictComp(self, node):
        return self.comprehension("dict", node, node.key, node.value)


def convert(source: str):
    return Converter().convert(ast.parse(source, mode="eval"))
