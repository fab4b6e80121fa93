"""What is printed: the table of totals, by tag and by refusal; and the list of what is wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import django

from outcome import CRASH, DIFFERENT, EQUAL, OPEN, REFUSED, Outcome

KINDS = (EQUAL, REFUSED, DIFFERENT, CRASH, OPEN)
EXPECTED = Path(__file__).parent / "expected_refusals.txt"


def expected_refusals() -> set[str]:
    """Ids of cases that ormc refuses by design; a line is `id  # why`."""
    lines = EXPECTED.read_text().splitlines() if EXPECTED.exists() else []
    return {line.split("#")[0].strip() for line in lines} - {""}


class Tally:
    """Counts outcomes; keeps whole only those that are wrong, and of them so many."""

    def __init__(self, keep: int = 400):
        self.kinds: Counter = Counter()
        self.tags: dict[str, Counter] = defaultdict(Counter)
        self.refusals: Counter = Counter()
        self.wrong: list[Outcome] = []
        self.refused: list[Outcome] = []
        self.answered: set[str] = set()
        self.keep = keep

    def add(self, outcome: Outcome) -> None:
        self.kinds[outcome.kind] += 1
        for tag in outcome.case.tags:
            self.tags[tag][outcome.kind] += 1
        if outcome.kind == REFUSED:
            self.refusals[f"{outcome.code} {outcome.refusal}".strip()] += 1
            if len(self.refused) < self.keep:
                self.refused.append(outcome)
            return
        self.answered.add(outcome.case.id)
        if outcome.kind in (DIFFERENT, CRASH) and len(self.wrong) < self.keep:
            self.wrong.append(outcome)

    @property
    def total(self) -> int:
        return sum(self.kinds.values())

    def unexpected(self) -> list[Outcome]:
        expected = expected_refusals()
        if django.VERSION < (5, 2):  # the cases are written for 5.2: an older one lacks some of it
            return []
        return [outcome for outcome in self.refused if outcome.case.id not in expected]

    def stale(self) -> list[str]:
        """Cases that expected_refusals.txt lists and that are answered now."""
        return sorted(expected_refusals() & self.answered)

    def print_table(self, by_tag: bool = True) -> None:
        row = "{:<24}" + "{:>11}" * len(KINDS)
        print(row.format("", *KINDS))
        for tag in sorted(self.tags) if by_tag else ():
            print(row.format(tag, *(self.tags[tag][kind] or "" for kind in KINDS)))
        print(row.format("total", *(self.kinds[kind] for kind in KINDS)))
        for refusal, count in self.refusals.most_common():
            print(f"  refused {count:>5}  {refusal}")


def group_key(outcome: Outcome) -> str:
    """What makes two findings probably one defect."""
    if outcome.kind == REFUSED:
        return f"{outcome.kind} {outcome.reason}"
    reason = outcome.reason
    for mark in "0123456789":
        reason = reason.replace(mark, "#")
    return f"{outcome.kind} {reason[:60]}"


def write_findings(tally: Tally, path: Path) -> None:
    """Most frequent first, with the shortest example of each."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in [*tally.wrong, *tally.unexpected()]:
        groups[group_key(outcome)].append(outcome)
    parts = [" ".join(f"{kind} {tally.kinds[kind]}" for kind in KINDS) + f" of {tally.total}"]
    ordered = sorted(groups.items(), key=lambda item: (item[1][0].kind == REFUSED, -len(item[1])))
    for key, outcomes in ordered:
        shortest = min(outcomes, key=lambda outcome: len(outcome.case.snippet))
        others = ", ".join(o.case.id for o in outcomes if o is not shortest)
        parts.append(f"== {len(outcomes)} x {key}\n{shortest.report()}")
        if others:
            parts.append(f"  also: {others[:300]}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(parts) + "\n")
