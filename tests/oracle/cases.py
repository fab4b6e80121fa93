"""Cases: what a reader of `cases/*.txt` sees as code.

    #= tags of the cases below
    #: name-of-the-case now=2026-03-29T00:30:00+00:00 tz=Europe/Berlin +empty
    result = Order.objects.count()

A case's id is FILE/NAME; `now` and `tz` may be left out, `+TAG` adds a tag. `+empty` and `+raises`
say what Django's answer is when it is not a hit: `main.py --django-only` checks them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"
NOW = "2026-11-22T14:30:00+00:00"
ZONE = "Europe/Berlin"


@dataclass
class Case:
    id: str
    snippet: str
    now: str = NOW
    tz: str = ZONE
    tags: list[str] = field(default_factory=list)

    def line(self) -> str:
        """As `ormc --batch` reads it."""
        members = {"id": self.id, "snippet": self.snippet, "now": self.now, "tz": self.tz}
        return json.dumps(members, ensure_ascii=False)


class CaseError(ValueError):
    pass


def read_file(path: Path) -> list[Case]:
    found: list[Case] = []
    tags: list[str] = []
    lines: list[str] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("#="):
            tags = line[2:].split()
        elif line.startswith("#:"):
            name, *options = line[2:].split()
            lines = []
            found.append(Case(f"{path.stem}/{name}", "", tags=[*tags]))
            for option in options:
                key, _, value = option.partition("=")
                if key.startswith("+"):
                    found[-1].tags.append(key[1:])
                    continue
                if key not in ("now", "tz"):
                    raise CaseError(f"{path.name}:{number}: no such option: {key}")
                setattr(found[-1], key, value)
        else:
            if not found and line.strip():
                raise CaseError(f"{path.name}:{number}: code before the first case")
            lines.append(line)
            if found:
                found[-1].snippet = "\n".join(lines).strip("\n") + "\n"
    return found


def read_all(patterns: Iterable[str] = ()) -> list[Case]:
    """Every case, or those whose id or tags have one of the patterns in them."""
    found = [case for path in sorted(FOLDER.glob("*.txt")) for case in read_file(path)]
    seen: set[str] = set()
    for case in found:
        if case.id in seen:
            raise CaseError(f"two cases are named {case.id}")
        seen.add(case.id)
    patterns = list(patterns)
    if not patterns:
        return found
    return [c for c in found if any(p in c.id or p in c.tags for p in patterns)]
