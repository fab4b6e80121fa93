"""Runs clang-tidy over the project's own translation units, one a core.

A unit that was clean is not looked at again until it, a header of ours that it includes, or the
rules change: what was clean is remembered in the user's cache folder.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIDY = "clang-tidy-16"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ormc-tidy"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def own_units() -> list[str]:
    tracked = subprocess.run(
        ["git", "ls-files", "*.cpp"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    database = json.loads((ROOT / "build" / "compile_commands.json").read_text())
    built = {entry["file"] for entry in database}
    return [name for name in tracked if str(ROOT / name) in built]


@functools.cache
def included(name: str) -> frozenset[str]:
    """Files of ours that a file includes directly."""
    found = INCLUDE.findall((ROOT / name).read_text(errors="replace"))
    return frozenset(path for path in found if (ROOT / path).is_file())


def closure(name: str) -> list[str]:
    seen, waiting = {name}, [name]
    while waiting:
        new = included(waiting.pop()) - seen
        seen |= new
        waiting += new
    return sorted(seen)


def key(name: str) -> str:
    content = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    content.update((ROOT / "cmake" / "OrmcRoom.cmake").read_bytes())
    for path in closure(name):
        content.update(path.encode() + b"\0" + (ROOT / path).read_bytes())
    return content.hexdigest()


def check(name: str) -> tuple[str, str]:
    """The findings, or an empty text."""
    remembered = CACHE / key(name)
    if remembered.exists():
        return name, ""
    result = subprocess.run(
        [TIDY, "-p", "build", "--quiet", name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if result.returncode == 0:
        remembered.touch()
        return name, ""
    return name, result.stdout or result.stderr


def main() -> int:
    CACHE.mkdir(parents=True, exist_ok=True)
    units = own_units()
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, findings in pool.map(check, units):
            if findings:
                failed += 1
                print(f"{name}:\n{findings}")
    print(f"clang-tidy: {len(units)} files, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
