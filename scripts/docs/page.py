"""What the scripts that make a page of docs/ share: rows of .def files, and writing or checking the page."""

import ast
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def rows(file, macro):
    """The arguments of each `MACRO(...)` of a .def file; a bare word comes as text."""
    for line in (ROOT / file).read_text().splitlines():
        if found := re.fullmatch(rf"{macro}\((.*)\)", line.strip()):
            words = r'("(?:[^"\\]|\\.)*")|\b([A-Za-z_]\w*)\b'
            quoted = re.sub(words, lambda word: word[1] or repr(word[2]), found[1])
            yield tuple(
                value if isinstance(value, str) else str(value)
                for value in ast.literal_eval(f"({quoted},)")
            )


def table(head, lines):
    """A table of Markdown."""
    cells = [head, ["---"] * len(head), *lines]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in cells
    )


def finish(name, text, mistakes=()):
    """Writes docs/NAME, or with --check compares it; the exit code."""
    path = ROOT / "docs" / name
    found = list(mistakes)
    if "--check" not in sys.argv[1:] or os.environ.get("ORMC_GOLDEN_UPDATE"):
        path.write_text(text)
    elif not path.exists() or path.read_text() != text:
        found.append(f"docs/{name} is not up to date: run scripts/docs/{path.stem}.py")
    for mistake in found:
        print(mistake)
    return 1 if found else 0
