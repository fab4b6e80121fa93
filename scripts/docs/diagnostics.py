#!/usr/bin/env python3
"""docs/diagnostics.md from compiler/diagnostics/kinds.def.

usage: diagnostics.py           rewrites the page
       diagnostics.py --check   fails when it is not up to date, or the registry is not in order
"""

import ast
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KINDS = ROOT / "compiler" / "diagnostics" / "kinds.def"
PAGE = ROOT / "docs" / "diagnostics.md"

FAMILIES = {
    1: ("Syntax and limits of the text", "Parse"),
    2: ("Names", "Bind"),
    3: ("Types and values", "Bind"),
    4: ("Policy, writes, static bounds", "CheckPolicy, CheckBounds"),
    5: ("Unsupported", "Bind, Plan"),
    6: ("While running", "Execute"),
    7: ("Requests", "the server"),
    9: ("Internal", "any stage"),
}

HEAD = """# Diagnostics

<!-- Made by scripts/docs/diagnostics.py from compiler/diagnostics/kinds.def: do not edit. -->

What `ormc` and `ormd` say about a snippet. Each code keeps its meaning for ever; `{0}`, `{1}` stand for what was seen.
"Django" is the exception that the same mistake raises there; "refusal" is the reason in [refusals.md](refusals.md) where Django
would answer and `ormc` does not.
"""


def rows():
    """(id, code, name, django, refusal, text, hint) of each row; C++'s and Python's escapes agree here."""
    for line in KINDS.read_text().splitlines():
        if not line.startswith("ORMC_DIAGNOSTIC("):
            continue
        identifier, rest = re.fullmatch(r"ORMC_DIAGNOSTIC\((\w+), (.*)\)", line.strip()).groups()
        yield (identifier, *ast.literal_eval(f"({rest})"))


def page():
    out = [HEAD]
    family = None
    for _, code, name, django, refusal, text, hint in sorted(rows(), key=lambda row: row[1]):
        if code // 100 != family:
            family = code // 100
            title, stage = FAMILIES[family]
            out.append(f"\n## ORM{family}xx: {title}\n\nFrom: {stage}.\n")
        out.append(f'\n<a id="{name}"></a>\n### ORM{code} {name}\n\n{text}\n')
        facts = []
        if hint:
            facts.append(f"hint: {hint}")
        if django:
            facts.append(f"Django: `{django}`")
        if refusal:
            facts.append(f"refusal: `{refusal}`")
        if facts:
            out.append("\n" + "\n".join(f"- {fact}" for fact in facts) + "\n")
    return "".join(out)


def mistakes():
    seen = {}
    for row in rows():
        for key in (f"ORM{row[1]}", row[2]):
            if key in seen:
                yield f"{key} is both {seen[key]} and {row[0]}"
            seen[key] = row[0]
        if row[5].endswith(".") or row[6].endswith("."):
            yield f"ORM{row[1]}: no full stop at the end of text and hint"
        if row[1] // 100 not in FAMILIES:
            yield f"ORM{row[1]} is in no family"


def main():
    found = list(mistakes())
    for mistake in found:
        print(mistake)
    if "--check" not in sys.argv[1:] or os.environ.get("ORMC_GOLDEN_UPDATE"):
        PAGE.write_text(page())
    elif not PAGE.exists() or PAGE.read_text() != page():
        found.append("stale")
        print("docs/diagnostics.md is not up to date: run scripts/docs/diagnostics.py")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
