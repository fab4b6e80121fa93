"""Attacks as data: what a reader of `cases/*.txt` sees as code.

    #= R2 CVE-2025-64459
    #: name-of-the-case ORM405 user=reviewer
    result = Customer.objects.filter(_connector="OR")

`#=` names the rule of docs/security.md that the cases below try, and where the idea is from. Behind a
case's name stands the code that it must be answered with, or `ok` where it is harmless and must be
answered; `user` is one of users.json, `bytes` lets `\\ff` stand for a byte. `@repeat N TEXT@` is TEXT N
times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE / "cases"
REPEAT = re.compile(r"@repeat (\d+) (.*?)@", re.DOTALL)
BYTE = re.compile(rb"\\([0-9a-f]{2})")


@dataclass
class Case:
    id: str
    rule: str
    expected: str
    user: str = "staff"
    raw: bool = False
    snippet: str = ""

    def text(self) -> str:
        return REPEAT.sub(lambda found: found[2] * int(found[1]), self.snippet)

    def content(self) -> bytes:
        encoded = self.text().encode()
        return BYTE.sub(lambda m: bytes([int(m[1], 16)]), encoded) if self.raw else encoded


def read_header(stem: str, rule: str, line: str) -> Case:
    name, expected, *options = line.split()
    case = Case(f"{stem}/{name}", rule, expected)
    for option in options:
        key, _, value = option.partition("=")
        if key == "user":
            case.user = value
        elif option == "bytes":
            case.raw = True
        else:
            raise ValueError(f"{case.id}: no such option: {option}")
    return case


def read_file(path: Path) -> list[Case]:
    found: list[Case] = []
    rule = ""
    for line in path.read_text().split("\n"):
        if line.startswith("#="):
            rule = line[2:].split()[0]
        elif line.startswith("#:"):
            found.append(read_header(path.stem, rule, line[2:]))
        elif found:
            found[-1].snippet += line + "\n"
    for case in found:
        case.snippet = case.snippet.rstrip("\n") + "\n"
    return found


def read_all(patterns: list[str] | None = None) -> list[Case]:
    found = [case for path in sorted(FOLDER.glob("*.txt")) for case in read_file(path)]
    twice = {c.id for c in found if sum(other.id == c.id for other in found) > 1}
    if twice:
        raise ValueError(f"two cases of a name: {', '.join(sorted(twice))}")
    return [c for c in found if not patterns or any(p in c.id or p == c.rule for p in patterns)]


def rewrite(answers: dict[str, str]) -> None:
    """Puts what was answered into the headers; the diff is to be reviewed."""
    for path in FOLDER.glob("*.txt"):
        lines = path.read_text().split("\n")
        for place, line in enumerate(lines):
            if not line.startswith("#:"):
                continue
            name, _, *rest = line[2:].split()
            if seen := answers.get(f"{path.stem}/{name}"):
                lines[place] = " ".join(["#:", name, seen, *rest])
        path.write_text("\n".join(lines))
