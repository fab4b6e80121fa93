"""Laws that answers must keep among themselves, whatever the rows are: no Django is asked.

A law is a snippet with several numbers or lists, made of random conditions on to-one paths, and what
must hold of them. Across to-many relations Django itself keeps none of these.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from cases import Case
from generate import Draw
from generate.containers import LOOKUPS as CONTAINERS
from generate.predicates import LOOKUPS, Predicates
from outcome import LIMITS
from subject import Crash, Subject

CHUNK = 300
# exclude() of a JSON path, an array's index or a range leaves rows out by Django's own rules.
PLAIN = tuple(kind for kind in LOOKUPS if kind not in CONTAINERS)


@dataclass(frozen=True)
class Law:
    name: str
    parts: tuple[str, ...]
    """What is asked of {m}, a model's manager, with conditions {a} and {b} and numbers {low} < {high}."""
    holds: Callable[..., bool]


IDS = '.order_by("pk").values_list("pk", flat=True)'
LAWS = (
    Law(
        "a condition and its opposite part the rows",
        ("{m}.filter({a}).count()", "{m}.exclude({a}).count()", "{m}.count()"),
        lambda hits, rest, rows: hits + rest == rows,
    ),
    Law(
        "exclude is filter of the opposite",
        (f"list({{m}}.exclude({{a}}){IDS})", f"list({{m}}.filter(~Q({{a}})){IDS})"),
        lambda left, right: left == right,
    ),
    Law(
        "filter after filter is both at once",
        (
            f"list({{m}}.filter({{a}}).filter({{b}}){IDS})",
            f"list({{m}}.filter(Q({{a}}), Q({{b}})){IDS})",
        ),
        lambda left, right: left == right,
    ),
    Law(
        "or counts what both have once",
        (
            "{m}.filter(Q({a}) | Q({b})).count()",
            "{m}.filter(Q({a}) & Q({b})).count()",
            "{m}.filter({a}).count()",
            "{m}.filter({b}).count()",
        ),
        lambda either, both, a, b: either + both == a + b,
    ),
    Law(
        "neither is not either",
        (
            f"list({{m}}.filter(~(Q({{a}}) | Q({{b}}))){IDS})",
            f"list({{m}}.filter(~Q({{a}}), ~Q({{b}})){IDS})",
        ),
        lambda left, right: left == right,
    ),
    Law(
        "a smaller slice is the start of a larger one",
        (f"list({{m}}.filter({{a}}){IDS}[:{{low}}])", f"list({{m}}.filter({{a}}){IDS}[:{{high}}])"),
        lambda few, many: few == many[: len(few)] and len(few) <= len(many),
    ),
    Law(
        "every way to count agrees",
        (
            "{m}.filter({a}).count()",
            "len({m}.filter({a}))",
            '{m}.filter({a}).aggregate(n=Count("pk"))["n"]',
            "{m}.filter({a}).exists()",
        ),
        lambda count, length, aggregate, exists: (
            count == length == aggregate and exists == (count > 0)
        ),
    ),
    Law(
        "the sub-query finds what the condition finds",
        (f"list({{m}}.filter({{a}}){IDS})", f"list({{m}}.filter(pk__in={{m}}.filter({{a}})){IDS})"),
        lambda left, right: left == right,
    ),
)


class Writer:
    def __init__(self, draw: Draw):
        self.draw = draw
        self.predicates = Predicates(draw)
        self.number = 0

    def condition(self, model) -> str:
        draw = self.draw
        key = draw.witness(model)
        path = draw.path(model, *PLAIN, multi=False)
        # A relation of several columns may point to no row, and Django joins that row away or not.
        if path is None or any(len(draw.target(step).keys) > 1 for step in path.steps):
            return "pk__isnull=False"
        value = draw.value(model, path.text, key)
        # What no positive number fulfils is left out of Django's query, with the rows that it joins.
        if path.field.kind.startswith("Positive") and value == 0:
            value = 1
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return f"{path.text}__isnull={value is None}"
        name, text = self.predicates.fit(
            path, draw.construct("lookup", *LOOKUPS[path.field.type]), value
        )
        return f"{name}={text}"

    def case(self, law: Law) -> Case:
        draw = self.draw
        model = draw.model()
        low = draw.number(0, 5)
        words = {
            "m": f"{model.name}.objects",
            "a": self.condition(model),
            "b": self.condition(model),
            "low": low,
            "high": low + draw.number(1, 20),
        }
        self.number += 1
        lines = ",\n    ".join(part.format(**words) for part in law.parts)
        return Case(f"law/{self.number}", f"result = [\n    {lines},\n]\n", tags=[law.name])


def run_metamorphic(options, site) -> int:
    manifest = options.manifest or site.export_manifest()
    writer = Writer(Draw(options.seed, manifest))
    subject = Subject(options.ormc, manifest, site.conninfo)
    kept, broken, refused = Counter(), 0, Counter()
    for begin in range(0, options.metamorphic, CHUNK):
        numbers = range(begin, min(begin + CHUNK, options.metamorphic))
        laws = [LAWS[number % len(LAWS)] for number in numbers]
        cases = [writer.case(law) for law in laws]
        for law, case, ours in zip(laws, cases, subject.run(cases), strict=True):
            if not isinstance(ours, Crash) and "result" not in ours:
                found = (ours.get("diagnostics") or [ours.get("error", {})])[0]
                refused[found.get("code")] += 1
                if found.get("code") not in LIMITS:
                    print(f"REFUSED {found.get('message')}\n{case.snippet}")
                continue
            if not isinstance(ours, Crash) and law.holds(*ours["result"]):
                kept[law.name] += 1
                continue
            broken += 1
            said = ours.reason if isinstance(ours, Crash) else ours["result"]
            print(f"BROKEN {law.name}: {str(said)[:300]}\n{case.snippet}")
    for law in LAWS:
        print(f"  kept {kept[law.name]:>6}  {law.name}")
    wrongly = {code: count for code, count in refused.items() if code not in LIMITS}
    print(f"  refused {sum(refused.values())} {dict(refused)}")
    failed = broken + sum(wrongly.values())
    print(f"laws: {sum(kept.values())} kept, {failed} failed")
    return failed
