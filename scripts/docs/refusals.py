#!/usr/bin/env python3
"""docs/refusals.md from compiler/diagnostics/kinds.def and the texts below.

usage: refusals.py           rewrites the page
       refusals.py --check   fails when it is not up to date, or a reason has no text
"""

import sys

from diagnostics import rows
from page import finish

HEAD = """# Refusals

<!-- Made by scripts/docs/refusals.py from compiler/diagnostics/kinds.def: do not edit. -->

Where Django would answer and `ormc` does not. The list is closed: a line added to it is a design change.
"""

# Reason: why, what to write instead.
TEXTS = {
    "limit": (
        "What comes from outside is bounded.",
        "Ask for less, or let the database compute it.",
    ),
    "control-characters": ("They hide what a text says.", "Write them as escapes in a string."),
    "mixed-scripts": (
        "Letters that look alike make names that look alike.",
        "Use one script in a name.",
    ),
    "complex-numbers": ("No field holds them.", "Use real numbers."),
    "named-escapes": ("They need the table of Unicode's names.", "Write the character itself."),
    "surrogates": ("PostgreSQL's text cannot hold them.", "Write the whole character."),
    "ambiguous-model": (
        "Two apps have a model of this name.",
        'Write `apps.get_model("app", "Model")`.',
    ),
    "write": ("Snippets only read.", "Ask for what is there; change it in the admin."),
    "import": (
        "Every name of the language is in scope already.",
        "Leave the import out; `ormc --fix` does.",
    ),
    "method": (
        "It runs raw SQL, another database or async code.",
        "See the [catalogue](catalogue.md).",
    ),
    "builtin": ("It reaches outside the language.", "See the [catalogue](catalogue.md)."),
    "underscore": ("Such names are the insides of Python and Django.", "Use the public name."),
    "opaque": (
        "The site's own code decides it, and code is not run.",
        "Use another field or manager.",
    ),
    "masked": (
        "To compare or order a masked field tells what it hides.",
        "Use another field; show this one only.",
    ),
    "aggregates-only": (
        "The policy shows aggregates of this model's rows, and no row.",
        "Count, sum or average larger groups of them.",
    ),
    "regex": (
        "The policy switches regular expressions off: they are slow where they are badly written.",
        "Use `__startswith`, `__contains` or `__endswith`.",
    ),
    "implied-hidden": ("The order would tell what is hidden.", "Write `order_by(...)`."),
    "statement": (
        "A snippet is bounded and defines nothing.",
        "Write a comprehension, or a `for` over rows.",
    ),
    "expression": ("It is no part of the language.", "Assign to plain names; see the hint."),
    "not-yet": ("Its SQL is not known to be exactly Django's.", "See the hint."),
    "django-version": (
        "The answer would be that of a newer Django than the site runs.",
        "Write it in another way; see the message.",
    ),
    "mutation": (
        "Values do not change, except in a fold.",
        "Write the whole value, or a comprehension.",
    ),
}


def reasons():
    found = {}
    for _, code, name, _, refusal, _, _ in sorted(rows(), key=lambda row: row[1]):
        if refusal:
            found.setdefault(refusal, []).append((code, name))
    return found


def mistakes():
    used = set(reasons())
    yield from (f"the refusal {name} has no text" for name in sorted(used - set(TEXTS)))
    yield from (f"no diagnostic has the refusal {name}" for name in sorted(set(TEXTS) - used))


def page():
    out = [HEAD]
    for reason, diagnostics in reasons().items():
        why, instead = TEXTS.get(reason, ("", ""))
        links = ", ".join(
            f"[ORM{code} {name}](diagnostics.md#{name})" for code, name in diagnostics
        )
        out.append(f"\n## {reason}\n\n{why}\n\n- instead: {instead}\n- diagnostics: {links}\n")
    return "".join(out)


if __name__ == "__main__":
    sys.exit(finish("refusals.md", page(), mistakes()))
