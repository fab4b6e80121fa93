#!/usr/bin/env python3
"""ormc reads a snippet as CPython does: the same tree and the same spans; what CPython refuses, ormc refuses.

usage: cpython_ast_test.py AST_DUMP [--random N] [--seed S]
"""

import argparse
import ast
import re
import struct
import subprocess
import sys
import warnings

from canonical import canonical
from cpython_cases import ALIKE, REFUSED
from random_snippets import Snippets

warnings.simplefilter("ignore")
# Spans inside an f-string are wrong in CPython before 3.12.
FSTRING_SPANS = sys.version_info >= (3, 12)


def dump(tool, snippets, *options):
    done = subprocess.run(
        [tool, *options, "-"],
        input="\0".join(snippets).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout.decode().split("\0")[: len(snippets)]


def plain_floats(text):
    """Our spelling of a float -> its bits, as canonical.py prints them."""
    out = []
    for piece in text.split("(float")[1:]:
        head, _, rest = piece.partition(" ")
        number, _, tail = rest.partition(")")
        out.append(f"(float{head} {struct.pack('>d', float(number)).hex()}){tail}")
    return text.split("(float")[0] + "".join(out)


# A statement's span is ours alone: that of a block ends behind its colon.
STATEMENT_SPAN = re.compile(
    r"(\((?:do|assign|annotate|for|for-else|if|pass|import|refused|[^\s():]+=))@\d+:\d+"
)


def compare(tool, snippets, report):
    failures = 0
    plain = dump(tool, snippets)
    for source, ours in zip(snippets, plain):
        theirs = canonical(source)
        if plain_floats(ours) != theirs:
            failures += report(source, ours, theirs)
    return failures


def compare_spans(tool, snippets, report):
    failures = 0
    checked = [
        s
        for s in snippets
        if FSTRING_SPANS or not any(isinstance(n, ast.JoinedStr) for n in ast.walk(ast.parse(s)))
    ]
    for source, ours in zip(checked, dump(tool, checked, "--spans")):
        theirs = canonical(source, spans=True)
        ours = STATEMENT_SPAN.sub(r"\1", plain_floats(ours))
        if ours != theirs:
            failures += report(source, ours, theirs)
    return failures


def report(source, ours, theirs):
    print(f"--- {source!r}\nours:    {ours.strip()}\nCPython: {theirs.strip()}")
    return 1


def refuses(source):
    try:
        compile(source, "<snippet>", "exec", flags=ast.PyCF_ONLY_AST)
        # Some mistakes are found by the compiler's later passes (`*a` alone, `f(a := b)`).
        compile(source, "<snippet>", "exec")
    except (SyntaxError, ValueError):
        return True
    return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("--random", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20260101)
    arguments = parser.parse_args()
    maker = Snippets(arguments.seed)
    made = [maker.snippet() for _ in range(arguments.random)]
    made = [s for s in made if not refuses_to_parse(s)]
    failures = compare(arguments.tool, ALIKE + made, report)
    failures += compare_spans(arguments.tool, ALIKE + made, report)
    for source, ours in zip(REFUSED, dump(arguments.tool, REFUSED)):
        if not refuses(source):
            print(f"--- CPython accepts {source!r}: it is no case")
            failures += 1
        if not ours.startswith("!"):
            print(f"--- accepted, though CPython refuses it: {source!r}\nours: {ours.strip()}")
            failures += 1
    print(f"{len(ALIKE)} written, {len(made)} random, {len(REFUSED)} refused; {failures} failures")
    return 1 if failures else 0


def refuses_to_parse(source):
    try:
        ast.parse(source)
    except SyntaxError:
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
