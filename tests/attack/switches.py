"""Each rule of switches.txt, switched off, must turn some case red: the corpus is tested, too."""

from __future__ import annotations

from pathlib import Path

from corpus import HERE, Case
from ormc_process import Process
from verdict import why_red

# It says why it does not begin: no case was tried.
NOT_STARTED = "ended: ormc: "


def read_switches() -> list[tuple[str, list[str], str]]:
    rows = [
        line
        for line in (HERE / "switches.txt").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    cells = [[cell.strip() for cell in row.split("|", 2)] for row in rows]
    return [(name, patterns.split(), meaning) for name, patterns, meaning in cells]


def first_red(
    binary: Path, given: list[str], cases: list[Case], users: dict, secrets: set[str], switch: str
) -> tuple[str, str] | None:
    with Process(binary, given, users, {"ORMC_DEFECT": switch}) as process:
        for case in cases:
            answer = process.ask(case)
            if answer.get("crash", "").startswith(NOT_STARTED):
                return None
            if why := why_red(case, answer, secrets):
                return case.id, why
    return None


def run_switches(
    binary: Path, given: list[str], cases: list[Case], users: dict, secrets: set[str]
) -> int:
    missed = 0
    rows = read_switches()
    for switch, patterns, meaning in rows:
        concerned = [c for c in cases if any(p in c.id or p == c.rule for p in patterns)]
        found = first_red(binary, given, concerned, users, secrets, switch)
        missed += found is None
        state = f"red: {found[0]}" if found else "NOT SEEN"
        print(f"{switch:<20} {state:<44} {meaning}", flush=True)
    print(f"switches: {len(rows) - missed} passed, {missed} failed")
    return missed
