"""Counts by app and by reason, as a table, report.json and report.md."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

from outcome import CRASH, DIFFERENT, EQUAL, OPEN, REFUSED, Outcome
from report import group_key

KINDS = (EQUAL, REFUSED, DIFFERENT, CRASH, OPEN)
ROW = "{:<28}" + "{:>10}" * len(KINDS) + "{:>9}{:>8}"


class Results:
    def __init__(self):
        self.apps: dict[str, Counter] = defaultdict(Counter)
        self.bad: list[tuple[str, Outcome]] = []

    def add(self, app: str, outcome: Outcome) -> None:
        self.apps[app][outcome.kind] += 1
        if outcome.kind not in (EQUAL, OPEN):
            self.bad.append((app, outcome))

    def wrong(self) -> int:
        return sum(outcome.kind in (DIFFERENT, CRASH) for _, outcome in self.bad)

    @staticmethod
    def share(counts: Counter) -> str:
        asked = sum(counts.values()) - counts[OPEN]
        return f"{100 * counts[EQUAL] / asked:.1f} %" if asked else "-"

    def print_app(self, app: str, seconds: float) -> None:
        counts = self.apps[app]
        if len(self.apps) == 1:
            print(ROW.format("", *KINDS, "share", "s"))
        numbers = (counts[kind] or "" for kind in KINDS)
        print(ROW.format(app, *numbers, self.share(counts), f"{seconds:.1f}"), flush=True)

    def total(self) -> Counter:
        return sum(self.apps.values(), Counter())

    def print_total(self) -> None:
        total = self.total()
        print(ROW.format("total", *(total[kind] for kind in KINDS), self.share(total), ""))

    def groups(self) -> list[tuple[str, list[tuple[str, Outcome]]]]:
        """Differences and crashes first, then refusals, each by frequency."""
        found: dict[str, list] = defaultdict(list)
        for app, outcome in self.bad:
            found[group_key(outcome)].append((app, outcome))
        return sorted(
            found.items(), key=lambda item: (item[1][0][1].kind == REFUSED, -len(item[1]))
        )

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        as_json = {
            "apps": {app: dict(counts) for app, counts in self.apps.items()},
            "total": dict(self.total()),
            "reasons": {key: len(outcomes) for key, outcomes in self.groups()},
        }
        (folder / "report.json").write_text(json.dumps(as_json, indent=1) + "\n")
        every = [
            {
                "id": outcome.case.id,
                "kind": outcome.kind,
                "reason": outcome.reason,
                "snippet": outcome.case.snippet,
            }
            for _, outcomes in self.groups()
            for _, outcome in outcomes
        ]
        (folder / "failures.json").write_text(json.dumps(every, indent=1) + "\n")
        parts = ["# Django's tests as questions\n", "| app | " + " | ".join(KINDS) + " | share |"]
        parts.append("| --- |" + " ---: |" * (len(KINDS) + 1))
        for app, counts in [*self.apps.items(), ("total", self.total())]:
            numbers = " | ".join(str(counts[kind]) for kind in KINDS)
            parts.append(f"| {app} | {numbers} | {self.share(counts)} |")
        for key, outcomes in self.groups():
            shortest = min((o for _, o in outcomes), key=lambda o: len(o.case.snippet))
            apps = ", ".join(f"{a} {n}" for a, n in Counter(a for a, _ in outcomes).most_common(6))
            parts.append(f"\n## {len(outcomes)} x {key}\n\n{apps}\n\n```\n{shortest.report()}\n```")
        (folder / "report.md").write_text("\n".join(parts) + "\n")
