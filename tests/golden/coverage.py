#!/usr/bin/env python3
"""Fails where a diagnostic of the compiler, or a row of its catalogue, is shown by no golden.

A catalogue row also counts as shown where a case of tests/oracle/cases uses it.
"""

import re
import sys

from run import HERE, ROOT, Golden, kinds, uncovered

CATALOG = ROOT / "compiler" / "catalog"
CASES = ROOT / "tests" / "oracle" / "cases"
CODES = (200, 599)

# Diagnostics that no snippet can trigger, and why.
UNREACHABLE = {
    "joins-not-permitted": "only the conditions of an UPDATE forbid joins, and a write is refused before",
}

# The file, what names a row in it, and how a snippet uses the name.
ROWS = (
    ("methods.def", r'^ORMC_METHOD\(\w+, "(\w+)"', r"\.{}\("),
    ("lookups.def", r'^ORMC_LOOKUP\(\w+, "(\w+)"', r"__{}\b"),
    ("functions.def", r"^ORMC_FUNCTION\((\w+)", r"\b{}\("),
    ("functions.def", r'^ORMC_FUNCTION\(.*"(\w+)"\)$', r"__{}\b"),
    ("aggregates.def", r"^ORMC_(?:POSTGRES_)?AGGREGATE\((\w+)", r"\b{}\("),
)


def mistakes(goldens):
    missing = uncovered(goldens, *CODES)
    for code, name in missing.items():
        if name not in UNREACHABLE:
            yield f"no golden triggers ORM{code} {name}"
    shown = {name for code, name in kinds(*CODES).items() if code not in missing}
    for name in UNREACHABLE:
        if name in shown:
            yield f"{name} is listed as unreachable, and a golden triggers it"
        elif name not in missing.values():
            yield f"{name} is listed as unreachable, and is no diagnostic"
    compiled = [golden.snippet for golden in goldens if "sql exit 0" in golden.answers]
    used = "\n".join([*compiled, *(path.read_text() for path in sorted(CASES.glob("*.txt")))])
    for file, row, use in ROWS:
        for name in re.findall(row, (CATALOG / file).read_text(), re.MULTILINE):
            if not re.search(use.format(name), used):
                yield f"{file}: {name} is in no golden of SQL and no oracle case"


def main():
    found = list(mistakes([Golden(path) for path in sorted(HERE.rglob("*.golden"))]))
    for mistake in found:
        print(mistake)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
