"""Seeded random expressions in Python's grammar: valid by construction, odd on purpose."""

import random

NAMES = ["a", "b", "x1", "Order", "objects", "filter", "status__in", "имя"]
ATOMS = [
    "1",
    "0x1f",
    "2.5",
    "1e-3",
    "'s'",
    '"t"',
    "b'y'",
    "None",
    "True",
    "False",
    "...",
    "'a' 'b'",
    "f'{a}b'",
    'f"{x!r:>{b}}"',
]
BINARY = ["+", "-", "*", "/", "//", "%", "@", "**", "|", "&", "^", "<<", ">>"]
COMPARE = ["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]


class Snippets:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *makers):
        return self.random.choice(makers)()

    def name(self):
        return self.random.choice(NAMES)

    def several(self, make, low, high):
        return [make() for _ in range(self.random.randint(low, high))]

    def atom(self):
        return self.random.choice(NAMES + ATOMS)

    def expr(self, depth):
        if depth <= 0:
            return self.atom()
        d = depth - 1
        return self.pick(
            lambda: self.chain(BINARY, d), lambda: self.chain(BINARY, d), lambda: self.chain(COMPARE, d),
            lambda: self.chain(["and", "or"], d), lambda: f"{self.tight(d)}.{self.name()}",
            lambda: f"{self.tight(d)}({self.arguments(d)})", lambda: f"{self.tight(d)}({self.arguments(d)})",
            lambda: f"{self.tight(d)}[{self.subscript(d)}]", lambda: f"({self.expr(d)})",
            lambda: f"[{', '.join(self.several(lambda: self.item(d), 0, 3))}]",
            lambda: f"({self.expr(d)}, {self.item(d)})", lambda: f"{{{self.expr(d)}: {self.expr(d)}, **{self.tight(d)}}}",
            lambda: f"{{{self.expr(d)}, {self.expr(d)}}}",
            lambda: f"{self.disjunction(d)} if {self.disjunction(d)} else {self.expr(d)}",
            lambda: f"({self.expr(d)} {self.clause(d)})", lambda: f"[{self.expr(d)} {self.clause(d)}]",
            lambda: f"{{{self.expr(d)}: {self.expr(d)} {self.clause(d)}}}", lambda: f"(lambda {self.name()}: {self.expr(d)})",
            lambda: f"not {self.tight(d)}", lambda: f"{self.random.choice('-+~')}{self.tight(d)}", self.atom,
        )  # fmt: skip

    def tight(self, depth):
        """What binds like an atom."""
        return self.random.choice(
            [self.name(), f"({self.expr(depth)})", f"{self.name()}.{self.name()}"]
        )

    def operand(self, depth):
        sign = self.random.choice(["", "", "", "-", "~", "- -"])
        return sign + self.random.choice([self.atom(), self.tight(depth)])

    def chain(self, operators, depth):
        out = self.operand(depth)
        for _ in range(self.random.randint(1, 4)):
            operator = self.random.choice(operators if self.random.random() < 0.8 else BINARY)
            out += f" {operator} {self.operand(depth)}"
        return out

    def disjunction(self, depth):
        return self.random.choice(["", "not "]) + self.chain(
            ["and", "or", "and not", "or not"] + COMPARE[:3], depth
        )

    def item(self, depth):
        return self.random.choice([self.expr(depth), f"*{self.tight(depth)}"])

    def clause(self, depth):
        target = self.random.choice(["a", "a, b", "(a, b)", "a,", "[a, *b]"])
        conditions = "".join(
            f" if {self.disjunction(depth)}" for _ in range(self.random.randint(0, 2))
        )
        more = f" for b in {self.disjunction(depth)}" if self.random.random() < 0.2 else ""
        return f"for {target} in {self.disjunction(depth)}{conditions}{more}"

    def arguments(self, depth):
        positional = self.several(lambda: self.item(depth), 0, 2)
        names = self.random.sample(NAMES, self.random.randint(0, 2))
        keywords = [f"{name}={self.expr(depth)}" for name in names]
        return ", ".join(positional + keywords)

    def subscript(self, depth):
        return self.random.choice(
            [
                self.expr(depth),
                f"{self.expr(depth)}:",
                f":{self.expr(depth)}",
                "::2",
                f"{self.atom()}:{self.atom()}:{self.atom()}",
                "1, 2:3",
            ]
        )

    def snippet(self):
        expr = self.expr(self.random.randint(1, 4))
        return self.random.choice(
            [
                expr,
                f"result = {expr}",
                f"for a in {expr}:\n    b.append({self.expr(1)})",
                f"n += {expr}",
            ]
        )
