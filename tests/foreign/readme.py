"""The README's lines for a newcomer, as they stand there: what is tried is what is promised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

SECTION = "## In your site"
MOST_STEPS = 4


@dataclass(frozen=True)
class Step:
    number: int
    text: str
    """The sentence."""
    language: str
    code: str


def steps(readme: Path) -> list[Step]:
    """The numbered steps of the section, each with its block of code."""
    section = readme.read_text().split(f"{SECTION}\n", 1)[1].split("\n## ", 1)[0]
    numbered = re.split(r"^\d\. ", section, flags=re.MULTILINE)[1:]
    found = []
    for number, text in enumerate(numbered, 1):
        for language, code in re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL):
            lines = "\n".join(line.strip() for line in code.strip().splitlines())
            found.append(Step(number, text.split("\n", 1)[0], language, lines))
    if not 0 < len(numbered) <= MOST_STEPS:
        raise SystemExit(f"the README has {len(numbered)} steps: at most {MOST_STEPS}")
    return found
