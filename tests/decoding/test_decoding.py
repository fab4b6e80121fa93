#!/usr/bin/env python3
"""The grammars of `ormc --emit lark` and `--emit gbnf`: they load where model servers load them, accept
what the oracle's cases write, and refuse what is no part of the language.

usage: test_decoding.py ORMC
"""

import pathlib
import re
import subprocess
import sys
import unittest

import lark
import llguidance

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "oracle"), str(ROOT / "tests" / "golden")]

import cases
from run import Golden

REFUSALS = ROOT / "tests" / "oracle" / "expected_refusals.txt"
SHOP = ROOT / "tests" / "data" / "shop_manifest.json"

# Cases whose text no model is asked to write, by what the grammar leaves out.
LEFT_OUT = re.compile(
    r'"""'  # texts over several lines
    r"|[^\x00-\x7f]\w*\s*="  # names beyond ASCII
    r"|\\\n"  # a line continued by a backslash
    r"|;|:=|\bpass\b|\blambda:|\bnot\(|\bin\["
)
# What a site's own models bring is known with its manifest only.
CALLED = re.compile(r"\.(\w+)\(")

REFUSED = (
    "import os",
    "from shop.models import Order",
    "while True:\n    x = 1",
    "def f():\n    x = 1",
    "class A:\n    x = 1",
    "with x as y:\n    z = 1",
    "try:\n    x = 1\nexcept:\n    y = 1",
    "del x",
    "return x",
    "raise x",
    "assert x",
    "global x",
    "result = (x := 1)",
    'result = open("x")',
    'result = eval("1")',
    "print(1)",
    "result = [].__class__",
    "result = __import__",
    "result = Order.objects.update(total=1)",
    'result = Order.objects.raw("SELECT 1")',
    "result = Order.objects.filter(_connector=1)",
    "for x in y:\nz = 1",
)


def grammar(notation, *arguments):
    done = subprocess.run(
        [ORMC, *arguments, "--emit", notation], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded(text):
    return lark.Lark(text, parser="earley", lexer="dynamic", start="start")


def accepts(parser, snippet):
    try:
        parser.parse(snippet)
    except lark.exceptions.LarkError:
        return False
    return True


class Matcher:
    """A model server's own machine, byte by byte."""

    def __init__(self, text):
        self.matcher = llguidance.LLMatcher(llguidance.LLTokenizer("byte"), text)
        assert not self.matcher.is_error(), self.matcher.get_error()

    def accepts(self, snippet):
        matcher = self.matcher.deep_copy()
        data = list(snippet.encode())
        return matcher.try_consume_tokens(data) == len(data) and matcher.is_accepting()


def accepted_cases(text):
    """What the oracle's cases write, without what a grammar of no site cannot know."""
    methods = next(line for line in text.splitlines() if line.startswith("METHOD:"))
    known = set(re.findall(r'"(\w+)"', methods))
    refused = {line.split()[0] for line in REFUSALS.read_text().splitlines() if line.strip()}
    for case in cases.read_all():
        valid = not case.id.startswith("invalid/") and case.id not in refused
        plain = valid and not LEFT_OUT.search(case.snippet)
        if plain and set(CALLED.findall(case.snippet)) <= known:
            yield case


class Grammars(unittest.TestCase):
    def test_accept_the_oracles_cases(self):
        text = grammar("lark")
        matcher = Matcher(text)
        found = list(accepted_cases(text))
        self.assertGreater(len(found), 1000)
        self.assertEqual([], [case.id for case in found if not matcher.accepts(case.snippet)])

    def test_lark_itself_agrees(self):
        text = grammar("lark")
        parser = loaded(text)
        found = list(accepted_cases(text))[::40]
        self.assertEqual([], [case.id for case in found if not accepts(parser, case.snippet)])
        self.assertEqual([], [snippet for snippet in REFUSED if accepts(parser, snippet)])

    def test_refuse_what_is_no_part_of_the_language(self):
        for matcher in (
            Matcher(grammar("lark")),
            Matcher(grammar("lark", "--manifest", str(SHOP))),
        ):
            self.assertEqual([], [snippet for snippet in REFUSED if matcher.accepts(snippet)])

    def test_know_the_users_names(self):
        matcher = Matcher(grammar("lark", "--manifest", str(SHOP)))
        for snippet in (
            'result = Order.objects.filter(customer__city="Bonn", lines__quantity__gt=2).count()',
            "n = Order.objects.annotate(n=Count('lines')).filter(n__gte=3, pk__in=[1])",
            "result = Order.objects.filter(status=Order.Status.PAID, placed_at__year__gte=2026)",
            "totals = {}\nfor o in Order.objects.all():\n    if o.total:\n        totals[o.id] = 1\n",
            "result = (\n    Order.objects  # all\n    .values('status')\n    .annotate(n=Count('id'))\n)",
        ):
            self.assertTrue(matcher.accepts(snippet), snippet)
        for snippet in (
            "result = Orders.objects.count()",
            "result = Session.objects.count()",
            'result = Order.objects.filter(customer__town="Bonn")',
            "result = User.objects.filter(customer__user__password=1)",
            "result = Order.objects.filter(total__bigger=3)",
            "result = Order.State.PAID",
        ):
            self.assertFalse(matcher.accepts(snippet), snippet)

    def test_accept_what_compiles(self):
        matcher = Matcher(grammar("lark", "--manifest", str(SHOP)))
        goldens = [Golden(path) for path in sorted((ROOT / "tests/golden/sql").glob("*.golden"))]
        refused = [
            golden.path.stem
            for golden in goldens
            if "sql exit 0" in golden.answers
            and golden.options.get("manifest") == "shop"
            and not LEFT_OUT.search(golden.snippet)
            and not matcher.accepts(golden.snippet)
        ]
        self.assertEqual([], refused)

    def test_gbnf_is_whole(self):
        """Each rule is defined once, each that is named exists, each is reachable from `root`."""
        rules = {}
        for line in grammar("gbnf", "--manifest", str(SHOP)).splitlines():
            name, _, body = line.partition(" ::= ")
            self.assertNotIn(name, rules)
            plain = re.sub(r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]', " ", body)
            rules[name] = set(re.findall(r"[a-z][a-z0-9-]*", plain))
        reached, todo = set(), ["root"]
        while todo:
            name = todo.pop()
            self.assertIn(name, rules)
            if name not in reached:
                reached.add(name)
                todo += rules[name]
        self.assertEqual(set(), set(rules) - reached)


if __name__ == "__main__":
    ORMC = sys.argv.pop(1)
    unittest.main()
