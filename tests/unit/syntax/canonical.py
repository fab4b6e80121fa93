"""CPython's AST in the form that `ormc --emit ast` prints."""

import ast
import struct

UNARY = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not"}
BINARY = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.BitAnd: "&",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
COMPARE = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is-not",
    ast.In: "in",
    ast.NotIn: "not-in",
}
DISPLAYS = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}
COMPREHENSIONS = {ast.ListComp: "list-comp", ast.SetComp: "set-comp", ast.GeneratorExp: "generator"}
REFUSED = {
    ast.While: "while",
    ast.FunctionDef: "def",
    ast.ClassDef: "class",
    ast.With: "with",
    ast.Try: "try",
    ast.Raise: "raise",
    ast.Return: "return",
    ast.Delete: "del",
    ast.Global: "global",
    ast.Nonlocal: "nonlocal",
    ast.Assert: "assert",
    ast.Break: "break",
    ast.Continue: "continue",
    ast.Match: "match",
    ast.AsyncFunctionDef: "async",
    ast.AsyncFor: "async",
    ast.AsyncWith: "async",
}


def quoted(text):
    out = []
    for c in text:
        if c in '"\\':
            out.append("\\" + c)
        elif c == "\n":
            out.append("\\n")
        elif ord(c) < 0x20 or ord(c) == 0x7F:
            out.append(f"\\u00{ord(c):02x}")
        else:
            out.append(c)
    return '"' + "".join(out) + '"'


def quoted_bytes(value):
    out = []
    for byte in value:
        c = chr(byte)
        if c in '"\\':
            out.append("\\" + c)
        elif c == "\n":
            out.append("\\n")
        elif byte < 0x20 or byte >= 0x7F:
            out.append(f"\\x{byte:02x}")
        else:
            out.append(c)
    return 'b"' + "".join(out) + '"'


class Canonical:
    """`spans`: the byte offsets of each node are printed too."""

    def __init__(self, source, spans):
        self.spans = spans
        self.starts = [0]
        for line in source.encode().splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def module(self, tree):
        return "".join(self.statement(s) + "\n" for s in tree.body)

    def node(self, name, node, *items):
        head = name
        if self.spans:
            begin = self.starts[node.lineno - 1] + node.col_offset
            end = self.starts[node.end_lineno - 1] + node.end_col_offset
            head += f"@{begin}:{end}"
        return self.form(head, *items)

    @staticmethod
    def form(head, *items):
        return "(" + " ".join([head, *items]) + ")"

    def maybe(self, node):
        return "-" if node is None else self.expr(node)

    def all(self, nodes):
        return [self.expr(n) for n in nodes]

    def constant(self, n):
        v = n.value
        if v is None or v is True or v is False:
            return self.node(str(v), n)
        if v is ...:
            return self.node("...", n)
        if isinstance(v, int):
            return self.node("int", n, str(v))
        if isinstance(v, float):
            return self.node("float", n, struct.pack(">d", v).hex())
        if isinstance(v, str):
            return self.node("str", n, quoted(v))
        return self.node("bytes", n, quoted_bytes(v))

    def fstring(self, n):
        items = []
        for part in n.values:
            if isinstance(part, ast.Constant):
                items.append(quoted(part.value))
                continue
            field = [self.expr(part.value)]
            if part.conversion != -1:
                field.append("!" + chr(part.conversion))
            if part.format_spec is not None:
                values = part.format_spec.values
                if all(isinstance(v, ast.Constant) for v in values):
                    field.append(self.form("str", quoted("".join(v.value for v in values))))
                else:
                    field.append(self.fstring(part.format_spec))
            items.append(self.form("field", *field))
        return self.node("fstring", n, *items)

    def arguments(self, n):
        written = [(a.lineno, a.col_offset, a) for a in n.args]
        written += [(k.lineno, k.col_offset, k) for k in n.keywords]
        out = []
        for _, _, a in sorted(written, key=lambda row: row[:2]):
            if isinstance(a, ast.keyword):
                out.append(self.form("**" if a.arg is None else a.arg + "=", self.expr(a.value)))
            elif isinstance(a, ast.Starred):
                out.append(self.form("*", self.expr(a.value)))
            else:
                out.append(self.expr(a))
        return out

    def clauses(self, n):
        return [
            self.form(
                "async-for" if g.is_async else "for",
                self.expr(g.target),
                self.expr(g.iter),
                *self.all(g.ifs),
            )
            for g in n.generators
        ]

    def expr(self, n):
        kind = type(n)
        if kind is ast.Constant:
            return self.constant(n)
        if kind is ast.JoinedStr:
            return self.fstring(n)
        if kind is ast.Name:
            return self.node("name", n, n.id)
        if kind is ast.Attribute:
            return self.node("attribute", n, self.expr(n.value), n.attr)
        if kind is ast.Subscript:
            return self.node("subscript", n, self.expr(n.value), self.expr(n.slice))
        if kind is ast.Slice:
            return self.node(
                "slice", n, self.maybe(n.lower), self.maybe(n.upper), self.maybe(n.step)
            )
        if kind is ast.Call:
            return self.node("call", n, self.expr(n.func), *self.arguments(n))
        if kind is ast.UnaryOp:
            return self.node(UNARY[type(n.op)], n, self.expr(n.operand))
        if kind is ast.BinOp:
            return self.node(BINARY[type(n.op)], n, self.expr(n.left), self.expr(n.right))
        if kind is ast.BoolOp:
            return self.node("and" if isinstance(n.op, ast.And) else "or", n, *self.all(n.values))
        if kind is ast.Compare:
            rest = [
                word
                for op, right in zip(n.ops, n.comparators)
                for word in (COMPARE[type(op)], self.expr(right))
            ]
            return self.node("compare", n, self.expr(n.left), *rest)
        if kind is ast.IfExp:
            return self.node(
                "if-else", n, self.expr(n.body), self.expr(n.test), self.expr(n.orelse)
            )
        if kind in DISPLAYS:
            return self.node(DISPLAYS[kind], n, *self.all(n.elts))
        if kind is ast.Dict:
            return self.node(
                "dict",
                n,
                *[
                    self.form("**", self.expr(v))
                    if k is None
                    else self.form(":", self.expr(k), self.expr(v))
                    for k, v in zip(n.keys, n.values)
                ],
            )
        if kind is ast.Starred:
            return self.node("star", n, self.expr(n.value))
        if kind in COMPREHENSIONS:
            return self.node(COMPREHENSIONS[kind], n, self.expr(n.elt), *self.clauses(n))
        if kind is ast.DictComp:
            return self.node("dict-comp", n, self.expr(n.key), self.expr(n.value), *self.clauses(n))
        if kind is ast.Lambda:
            a = n.args
            plain = not (a.vararg or a.kwarg or a.kwonlyargs or a.posonlyargs or a.defaults)
            named = [
                *a.posonlyargs,
                *a.args,
                *([a.vararg] if a.vararg else []),
                *a.kwonlyargs,
                *([a.kwarg] if a.kwarg else []),
            ]
            names = self.form("parameters" if plain else "parameters*", *[p.arg for p in named])
            return self.node("lambda", n, names, self.expr(n.body))
        if kind is ast.NamedExpr:
            return self.node(":=", n, self.expr(n.target), self.expr(n.value))
        if kind is ast.Await:
            return self.node("await", n, self.expr(n.value))
        if kind in (ast.Yield, ast.YieldFrom):
            return self.node("yield", n, self.maybe(n.value))
        raise NotImplementedError(kind)

    def block(self, name, body):
        return self.form(name, *[self.statement(s) for s in body])

    def statement(self, n):
        kind = type(n)
        if kind is ast.Expr:
            return self.form("do", self.expr(n.value))
        if kind is ast.Assign:
            return self.form("assign", *self.all(n.targets), self.expr(n.value))
        if kind is ast.AnnAssign:
            items = [self.expr(n.target), self.expr(n.annotation)]
            return self.form("annotate", *items, *([self.expr(n.value)] if n.value else []))
        if kind is ast.AugAssign:
            return self.form(BINARY[type(n.op)] + "=", self.expr(n.target), self.expr(n.value))
        if kind is ast.For:
            name = "for-else" if n.orelse else "for"
            return self.form(
                name, self.expr(n.target), self.expr(n.iter), self.block("body", n.body)
            )
        if kind is ast.If:
            items = [self.expr(n.test), self.block("body", n.body)]
            return self.form("if", *items, *([self.block("else", n.orelse)] if n.orelse else []))
        if kind is ast.Pass:
            return self.form("pass")
        if kind is ast.Import:
            names = [f"{a.name}:{a.asname or a.name.split('.')[0]}" for a in n.names]
            return self.form("import", *names)
        if kind is ast.ImportFrom:
            names = ["*:" if a.name == "*" else f"{a.name}:{a.asname or a.name}" for a in n.names]
            return self.form("import", "from:" + "." * n.level + (n.module or ""), *names)
        if getattr(n, "decorator_list", None):
            return self.form("refused", "decorator")
        return self.form("refused", REFUSED[kind])


def canonical(source, spans=False):
    return Canonical(source, spans).module(ast.parse(source))


__all__ = ["canonical"]
