"""Nothing includes a later room, and third-party headers stay where they belong."""

from __future__ import annotations

import re
import subprocess
import unittest
from pathlib import Path

from rooms import ROOMS, THIRD_PARTY

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path: str) -> str | None:
    """The longest room whose folder holds the path."""
    inside = [room for room in ROOMS if path.startswith(room + "/")]
    return max(inside, key=len, default=None)


def sources() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "*.h", "*.cpp", "*.def"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return [path for path in listed if (ROOT / path).is_file()]


def includes(path: str):
    for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(2)


class Includes(unittest.TestCase):
    def test_directions(self):
        offending = []
        for path in sources():
            room = room_of(path)
            if room is None or path.endswith(("_test.cpp", "_test.h")):
                continue
            for number, target in includes(path):
                other = room_of(target)
                if other and other != room and other not in ROOMS[room]:
                    offending.append(f"{path}:{number}: {room} may not include {target}")
        self.assertEqual([], offending, "\n" + "\n".join(offending))

    def test_third_party(self):
        offending = []
        for path in sources():
            if path.startswith("tests/"):
                continue
            for number, target in includes(path):
                for prefix, folders in THIRD_PARTY.items():
                    if target.startswith(prefix) and not path.startswith(folders):
                        offending.append(f"{path}:{number}: {target} belongs to {folders}")
        self.assertEqual([], offending, "\n" + "\n".join(offending))

    def test_every_folder_is_a_room(self):
        strays = {
            str(Path(path).parent)
            for path in sources()
            if path.startswith(("compiler/", "runtime/", "server/", "tools/"))
            and room_of(path) is None
        }
        self.assertEqual(set(), strays, "a folder that no rule covers")

    def test_rooms_form_no_cycle(self):
        def reaches(start: str, goal: str, seen: set[str]) -> bool:
            for door in ROOMS[start] - {start}:
                if door == goal or (
                    door in ROOMS and door not in seen and reaches(door, goal, seen | {door})
                ):
                    return True
            return False

        self.assertEqual([], [room for room in ROOMS if reaches(room, room, {room})])


if __name__ == "__main__":
    unittest.main()
