"""The oracle's cases, each spoilt a little: an argument too many, one of another kind, a name of another.

A snippet that a model gets wrong is nearly one that is right. Django raises on most of these, and
ormc must not answer them; what Django does answer, ormc answers alike or refuses.
"""

from __future__ import annotations

import ast
import copy
import random
from collections import Counter

from cases import Case, read_all
from outcome import CRASH, DIFFERENT, Outcome, judge_random
from reference import Reference
from subject import Crash, Subject

CHUNK = 300

VALUES = [
    *("None", "True", "False", "0", "5", "-1", "1.5", "10**20", "''", "'x'", "'id'", "'-id'"),
    *("'id__gt'", "'nope'", "[]", "[1, 2]", "('a', 1)", "{}", "date(2026, 1, 1)", "timezone.now()"),
    *("timedelta(days=1)", "Decimal('2.5')", "ZoneInfo('UTC')", "str", "lambda x: x", "Order"),
    *("Order.objects.all()", "F('id')", "Q(id=1)", "Value(1)", "OuterRef('id')", "Count('id')"),
    *("IntegerField()", "IntegerField"),
]
KEYWORDS = [
    *(
        "all",
        "condition",
        "default",
        "distinct",
        "expression",
        "field_name",
        "filter",
        "flat",
        "id",
    ),
    *("id__in", "key", "named", "nulls_last", "order_by", "output_field", "partition_by", "pk"),
    *("queryset", "reverse", "start", "then", "to_attr", "tzinfo", "using", "x"),
]
LOOKUPS = [
    *("contains", "date", "exact", "gt", "in", "isnull", "lower", "nope", "range", "regex", "year"),
]
ATTRIBUTES = [
    *(
        "aggregate",
        "all",
        "asc",
        "count",
        "date",
        "desc",
        "distinct",
        "exclude",
        "exists",
        "filter",
    ),
    *("first", "id", "last", "lines", "name", "none", "nope", "only", "order_by", "orders", "pk"),
    *("reverse", "status", "total", "upper", "values", "values_list", "year"),
]
# What PostgreSQL says of the places by which ties.py orders.
OF_TIES = ("ORDER BY position", "DISTINCT ON expressions must match initial ORDER BY")


class Spoiler:
    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.cases = [case for case in read_all([]) if "random" not in case.snippet.lower()]

    def value(self) -> ast.expr:
        return ast.parse(self.random.choice(VALUES), mode="eval").body

    def keyword(self, known: str | None) -> str:
        if known is not None and self.random.random() < 0.3:
            return f"{known}__{self.random.choice(LOOKUPS)}"
        return self.random.choice(KEYWORDS)

    def arguments(self, call: ast.Call) -> None:
        """Changes one argument; a change that has nothing to change leaves the call as it is."""
        given, named = call.args, call.keywords
        place = self.random.randrange(len(given)) if given else None
        keyword = self.random.choice(named) if named else None
        match self.random.randrange(8):
            case 0 if given:
                given.pop(place)
            case 1:
                given.insert(self.random.randint(0, len(given)), self.value())
            case 2 | 3 if given:
                given[place] = self.value()
            case 4:
                named.append(ast.keyword(self.keyword(None), self.value()))
            case 5 if named:
                keyword.value = self.value()
            case 6 if named:
                keyword.arg = self.keyword(keyword.arg)
            case 7 if named:
                named.remove(keyword)
                if keyword.arg is not None and self.random.random() < 0.5:
                    given.append(keyword.value)
            case _ if given:
                given.append(copy.deepcopy(given[place]))

    def spoilt(self, snippet: str) -> str:
        tree = ast.parse(snippet)
        parts = list(ast.walk(tree))
        kind = self.random.choices((ast.Call, ast.Constant, ast.Attribute), (15, 3, 2))[0]
        found = [part for part in parts if isinstance(part, kind)]
        if not found:
            return snippet
        part = self.random.choice(found)
        if isinstance(part, ast.Call):
            self.arguments(part)
        elif isinstance(part, ast.Attribute):
            part.attr = self.random.choice(ATTRIBUTES)
        else:
            Replaced(part, self.value()).visit(tree)
        return ast.unparse(ast.fix_missing_locations(tree))

    def case(self, number: int) -> Case:
        while True:
            whole = self.random.choice(self.cases)
            try:
                snippet = self.spoilt(whole.snippet)
                compile(snippet, "", "exec")
            except (SyntaxError, ValueError):  # no text says it
                continue
            if snippet != whole.snippet:
                return Case(f"{whole.id}~{number}", snippet, whole.now, whole.tz)


class Replaced(ast.NodeTransformer):
    def __init__(self, old: ast.Constant, new: ast.expr):
        self.old, self.new = old, new

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return self.new if node is self.old else node


def is_wrong(outcome: Outcome) -> bool:
    """ormc ended, gave another answer, or one where Django has none: not another error's class."""
    ours = outcome.ours
    if outcome.kind == CRASH:
        return True
    if any(words in outcome.answer.message for words in OF_TIES):
        return False
    if outcome.kind != DIFFERENT or isinstance(ours, Crash) or "result" not in ours:
        return False
    return not ours.get("truncated")  # a queryset within a list is cut as the whole is


def run_misuse(options, site) -> int:
    spoiler = Spoiler(options.seed)
    reference = Reference()
    subject = Subject(options.ormc, options.manifest or site.export_manifest(), site.conninfo)
    kinds: Counter = Counter()
    failed = raised = 0
    for begin in range(0, options.misuse, CHUNK):
        numbers = range(begin, min(begin + CHUNK, options.misuse))
        chunk = [spoiler.case(number) for number in numbers]
        for case, ours in zip(chunk, subject.run(chunk), strict=True):
            outcome = judge_random(case, reference, ours)
            wrong = is_wrong(outcome)
            another_error = outcome.kind == DIFFERENT and not wrong
            kinds["another error" if another_error else outcome.kind] += 1
            failed += wrong
            raised += outcome.answer is not None and outcome.answer.error is not None
            if wrong or (options.verbose and another_error):
                print(outcome.report(), end="\n\n")
    print(", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    print(f"misuse: {options.misuse - failed} passed, {failed} failed; Django raises on {raised}")
    return failed
