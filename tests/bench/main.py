"""`make bench`: from snippet to SQL in ormc, against Django's own build and compile of the same.

    main.py [PATTERN...]    the oracle's cases (or those whose id or tag has a pattern)

CPU time, both sides in the same run, case by case in turn. There is no pass mark in microseconds:
read the ratios. What is measured and what is not: docs/speed.md.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "oracle"))

import growth
from cases import read_all
from sides import BINARIES, django, ormc

MANAGE = ROOT / "django_app" / "example" / "manage.py"
SHOWN = 12  # of the worst
PROGRESS = 250  # cases from one line of progress to the next


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("patterns", nargs="*", help="only the cases with one of these")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "bench")
    parser.add_argument("--no-growth", action="store_true", help="only the comparison with Django")
    return parser.parse_args()


def compare(manifest: Path, patterns: list[str]) -> list[dict]:
    """A row a case; `group` says whether, and as what, it counts."""
    rows = []
    with ormc(manifest) as ours, django() as theirs:
        cases = read_all(patterns)
        for number, case in enumerate(cases, 1):
            line = json.loads(case.line())
            row = {"id": case.id, "characters": len(case.snippet)}
            row["ormc"], row["django"] = ours.ask(line), theirs.ask(line)
            row["group"] = group_of(row)
            rows.append(row)
            if number % PROGRESS == 0:
                print(f"{number} of {len(cases)} cases", file=sys.stderr, flush=True)
    return rows


def group_of(row: dict) -> str:
    if "refused" in row["ormc"] or "without" in row["django"] or row["ormc"]["statements"] == 0:
        return "not compared"
    return "one statement" if row["ormc"]["statements"] == 1 else "several statements"


def mean(values: list[float]) -> float:
    return math.exp(sum(map(math.log, values)) / len(values))


def ratio(row: dict, when: str, python: bool = False) -> float:
    theirs = row["django"][when] + (row["django"]["python"] if python else 0)
    return theirs / row["ormc"][when]


def line_of(name: str, rows: list[dict]) -> str:
    warm = [ratio(row, "warm") for row in rows]
    cells = [
        f"{len(rows)}",
        *(f"{mean([row['django'][when] for row in rows]) / 1e3:.0f}" for when in ("warm", "cold")),
        *(f"{mean([row['ormc'][when] for row in rows]) / 1e3:.0f}" for when in ("warm", "cold")),
        f"{mean(warm):.1f}",
        f"{min(warm):.1f}",
        f"{mean([ratio(row, 'warm', python=True) for row in rows]):.1f}",
        f"{mean([ratio(row, 'cold') for row in rows]):.1f}",
        f"{mean([row['ormc']['explain'] for row in rows]) / 1e3:.0f}",
        f"{mean([row['ormc']['parse'] for row in rows]) / 1e3:.1f}",
        f"{mean([max(row['ormc']['verify'], 1) for row in rows]) / 1e3:.1f}",
    ]
    return f"{name:<20}" + "".join(f"{cell:>9}" for cell in cells)


HEADS = (
    "cases",
    "Django",
    "cold",
    "ormc",
    "cold",
    "ratio",
    "worst",
    "+python",
    "cold",
    "explain",
    "parse",
    "verify",
)


def table(rows: list[dict]) -> None:
    print("\nmicroseconds of CPU time, geometric means; ratios are Django's time over ormc's\n")
    print(f"{'':<20}" + "".join(f"{head:>9}" for head in HEADS))
    groups = defaultdict(list)
    rooms = defaultdict(list)
    for row in rows:
        groups[row["group"]].append(row)
        if row["group"] == "one statement":
            rooms[row["id"].split("/")[0]].append(row)
    for name in sorted(rooms):
        print(line_of(f"  {name}", rooms[name]))
    for name in sorted(set(groups) - {"not compared"}):
        print(line_of(name, groups[name]))
    print(f"{len(groups['not compared'])} cases are not compared: refused, or no statement is sent")
    slow = sorted(groups["one statement"], key=lambda row: ratio(row, "warm"))[:SHOWN]
    print("\nleast ahead of Django, of one statement")
    for row in slow:
        print(
            f"  {ratio(row, 'warm'):5.1f} {row['id']:<44} {row['characters']:>4} characters "
            f"{row['django']['warm'] / 1e3:>8.1f} {row['ormc']['warm'] / 1e3:>7.1f}"
        )


def main() -> None:
    options = arguments()
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ormc-bench-") as name:
        folder = Path(name)
        manifest = folder / "manifest.json"
        command = [sys.executable, str(MANAGE), "ormc_manifest", "--output", str(manifest)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        results: dict = {"cases": compare(manifest, options.patterns)}
        table(results["cases"])
        if not options.no_growth:
            results["snippets"] = growth.of_snippets(manifest)
            results["manifests"] = growth.of_manifests(manifest, folder)
            growth.show(results["snippets"], results["manifests"])
    (options.output / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    if not options.no_growth:
        from picture import draw

        draw(results["snippets"], results["manifests"], options.output / "growth.png")
    print(f"\nwritten to {options.output}")


if __name__ == "__main__":
    assert BINARIES.exists(), "make bench builds them"
    main()
