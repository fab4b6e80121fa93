"""Statements of the site's functions as one expression, and those that stay code."""

import ast
import textwrap

import pytest

from ai_assistant.manifest import bodies
from ai_assistant.manifest.expressions import Inexpressible

PLAIN = frozenset({"size", "name", "boss"})


def written(body, arguments="self"):
    tree = ast.parse(f"def f({arguments}):\n" + textwrap.indent(textwrap.dedent(body), "    ")).body[0]
    return ast.unparse(bodies.expression_of(tree, PLAIN))


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        ("return self.a", "self.a"),
        ("'''Says.'''\nreturn self.a", "self.a"),
        ("return", "None"),
        ("'''Says.'''", "None"),
        ("if self.a:\n    return 1", "1 if self.a else None"),
        ("if self.a:\n    return 1\nreturn 2", "1 if self.a else 2"),
        (
            "if self.a:\n    return 1\nelif self.b:\n    return 2\nelse:\n    return 3",
            "1 if self.a else 2 if self.b else 3",
        ),
        ("if self.a:\n    pass\nreturn 2", "2 if self.a else 2"),
        ("x = self.a\nreturn x + x", "self.a + self.a"),
        ("x: int = self.a\nreturn x", "self.a"),
        ("x = 1\nx += 2\nreturn x", "1 + 2"),
        ("x = 1\nx = x * 2\nreturn x", "1 * 2"),
        ("x = self.name\nif self.size:\n    x = self.boss\nreturn x", "self.boss if self.size else self.name"),
        ("x = self.filter(a=1)\nif self.size:\n    return x\nreturn None", "self.filter(a=1) if self.size else None"),
        (
            "q = Row.objects.filter(~Q(a=self.size) | Q(b=1)).order_by('-a')\nreturn q if self.size else 1",
            "Row.objects.filter(~Q(a=self.size) | Q(b=1)).order_by('-a') if self.size else 1",
        ),
        ("x = self.a / self.b\nif x:\n    return 1\nreturn 2", "1 if self.a / self.b else 2"),
        ("x = self.a\ny = x\nreturn y", "self.a"),
        ("n = []\nfor r in self.rows.all():\n    n.append(r.name)\nreturn n", "[r.name for r in self.rows.all()]"),
        (
            "n = []\nfor r in self.rows:\n    if r.a:\n        n.append(r.b)\nreturn n",
            "[r.b for r in self.rows if r.a]",
        ),
        (
            "n = []\nfor r in self.rows:\n    if r.a:\n        n.append(1)\n    else:\n        n.append(r.c)\nreturn n",
            "[1 if r.a else r.c for r in self.rows]",
        ),
        (
            "n = []\nfor r in self.rows:\n    if r.a:\n        continue\n    if r.c:\n        n.append(r.b)\nreturn n",
            "[r.b for r in self.rows if not r.a if r.c]",
        ),
        ("n = 0\nfor r in self.rows:\n    n += r.a\nreturn n", "sum([r.a for r in self.rows], 0)"),
        (
            "n = Decimal('0')\nfor r in self.rows:\n    if r.b:\n        n += r.a\nreturn n / 2",
            "sum([r.a for r in self.rows if r.b], Decimal('0')) / 2",
        ),
        (
            "for r in self.rows:\n    if r.a:\n        return True\nreturn self.b",
            "True if any((r.a for r in self.rows)) else self.b",
        ),
        (
            "today = timezone.localdate()\nif self.a:\n    return today\nreturn None",
            "timezone.localdate() if self.a else None",
        ),
        (
            "since = timezone.now() - timedelta(days=3)\nif self.a:\n    return since\nreturn None",
            "timezone.now() - timedelta(days=3) if self.a else None",
        ),
        ("from x import y\nreturn self.a", "self.a"),
    ],
)
def test_expressions(body, expression):
    assert written(body) == expression


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("try:\n    return 1\nexcept ValueError:\n    return 2", "`try`"),
        ("while self.a:\n    return 1", "`while`"),
        ("print(self)\nreturn 1", "`expr`"),
        ("self.a = 1\nreturn 1", "other than a name"),
        ("x, y = self.a\nreturn x", "other than a name"),
        ("del self.a\nreturn 1", "`delete`"),
        # What raises in Python has to raise here.
        ("x = self.a / self.b\nif self.c:\n    return x\nreturn 0", "x is computed where it may not be needed"),
        ("x = self.total\nreturn self.c and x", "x is computed where it may not be needed"),
        ("x = self.total\nreturn [x for r in self.rows]", "x is computed where it may not be needed"),
        ("x = self.total\nreturn 1", "x is computed where it may not be needed"),
        ("for r in self.rows:\n    return r", "does more than append"),
        ("for r in self.rows:\n    if r.a:\n        return r\nreturn None", "does more than append"),
        ("n = 0\nfor r in self.rows:\n    n -= r.a\nreturn n", "does more than append"),
        ("n = 0\nm = 0\nfor r in self.rows:\n    n += r.a\n    m += 1\nreturn n", "does more than append"),
        ("n = 0\nfor r in self.rows:\n    m = r.a\n    n += m\nreturn n", "does more than append"),
        ("n = self.a\nfor r in self.rows:\n    n += r.a\nreturn n", "no number that is written there"),
        ("n = 0\nfor r in self.rows:\n    n += n\nreturn n", "n may not be assigned"),
        ("x = date.today() - timedelta(days=10**9)\nreturn x if self.a else 1", "x is computed where"),
        ("x = date.today() - timedelta(days=self.b)\nreturn x if self.a else 1", "x is computed where"),
        ("n = [1]\nfor r in self.rows:\n    n.append(r)\nreturn n", "no new list"),
        ("n = []\nm = n\nm += [1]\nreturn n", "changes m in place"),
        ("n = self.name\nn += [1]\nreturn self.name", "changes n in place"),
        ("n = []\nm = n\nfor r in self.rows:\n    n.append(r)\nreturn m", "has another name too"),
        ("if self.a:\n    x = 1\nreturn x", "x may not be assigned"),
        ("x = x + 1\nreturn x", "x may not be assigned"),
        ("q = Row.objects.filter(a=self.b / 0)\nif self.size:\n    return q\nreturn 1", "may not be needed"),
        ("n = []\nfor r in self.rows:\n    n.append(r)\nreturn r", "r means two things"),
        ("x = self.a\nreturn [x for x in self.rows]", "x means two things"),
        ("x = y\nreturn [x for y in self.rows]", "y means two things"),
    ],
)
def test_code(body, reason):
    with pytest.raises(Inexpressible, match=reason):
        written(body)


def test_a_body_that_would_grow_beyond_measure():
    doubled = "\n".join(["x = self.a", *["x = x + x"] * 30, "return x"])
    with pytest.raises(Inexpressible, match="too many statements"):
        written("\n".join(["x = self.a"] * 1_000))
    branches = "\n".join(["x = 1", *["if self.a:\n    x = x + 1"] * 25, "return x"])
    for body in (doubled, branches):
        with pytest.raises(Inexpressible, match="too long"):
            written(body)
