"""How many cases there are of each class of attack: a table, from classes.txt.

    counts.py [--update]    prints it; puts it into README.md

A class with fewer than five fails.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from functools import lru_cache

from corpus import HERE, read_all

ROOT = HERE.parents[1]
README = HERE / "README.md"
BEGIN, END = "<!-- counts.py -->\n", "<!-- end -->\n"
LEAST = 5
HEAD = "| class | cases | where |\n| --- | --- | --- |\n"


def cases(file: str) -> list[str]:
    """Name and snippet of each."""
    return [f"{c.id}\n{c.snippet}" for c in read_all([]) if file in ("*", c.id.partition("/")[0])]


@lru_cache(maxsize=None)
def pytest(file: str) -> list[str]:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", f"tests/integration/{file}"]
    # What is collected is not run: any program stands for the server.
    listed = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "ORMD": sys.executable},
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.partition("::")[2] for line in listed.stdout.splitlines() if "::" in line]


def gtest(file: str) -> list[str]:
    return re.findall(r"^TEST(?:_F)?\((.*)\)", (ROOT / file).read_text(), re.MULTILINE)


def e2e(file: str) -> list[str]:
    return re.findall(r"\btest\(\s*[\"'`](.*)", (ROOT / "tests" / "e2e" / file).read_text())


KINDS = {"pytest": pytest, "gtest": gtest, "e2e": e2e}


def count(source: str) -> tuple[int, str]:
    """How many, and where they are."""
    place, _, pattern = source.partition("~")
    kind, _, file = place.rpartition(":")
    found = KINDS[kind](file) if kind else cases(file)
    shown = {"pytest": "tests/integration/", "e2e": "tests/e2e/", "gtest": "", "": "cases/"}[kind]
    return sum(re.search(pattern, one) is not None for one in found), f"`{shown}{file}`"


def rows() -> list[tuple[str, int, str]]:
    found = []
    for line in (HERE / "classes.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, sources = line.partition(" | ")
        counted = [count(source) for source in sources.split()]
        found.append((name, sum(n for n, _ in counted), ", ".join(place for _, place in counted)))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    found = rows()
    table = HEAD + "".join(f"| {name} | {n} | {places} |\n" for name, n, places in found)
    print(table, end="")
    if options.update:
        before, _, rest = README.read_text().partition(BEGIN)
        README.write_text(before + BEGIN + table + END + rest.partition(END)[2])
    few = [name for name, n, _ in found if n < LEAST]
    print(f"counts: {len(found) - len(few)} passed, {len(few)} failed {few or ''}")
    return 1 if few else 0


if __name__ == "__main__":
    sys.exit(main())
