"""Runs clang-tidy over the project's own translation units.

Most of its time goes to the headers, so a folder's units are looked at as one: five CPU seconds a
folder in place of four a unit. Where two units have a helper of the same name that does not compile;
then those with errors are looked at apart from the rest. Units that were clean are not looked at again
until one of them, a header of ours that they include, or the rules change: what was clean is
remembered in the user's cache folder.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIDY = "clang-tidy-16"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ormc-tidy"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Group:
    """Units of one folder with the same flags."""

    flags: tuple[str, ...]
    directory: str
    files: tuple[str, ...]

    def parted(self, said: str) -> tuple[Group, Group]:
        """The files with errors and the others; two halves where all or none of them have some."""
        bad = tuple(name for name in self.files if f"{ROOT / name}:" in said)
        if len(bad) in (0, len(self.files)):
            bad = self.files[: len(self.files) // 2]
        good = tuple(name for name in self.files if name not in bad)
        return replace(self, files=good), replace(self, files=bad)


def flags_of(entry: dict) -> tuple[str, ...]:
    """The compiler's options without the compiler, its input, its output and its own PCH."""
    words = shlex.split(entry["command"])
    begin = next(i for i, word in enumerate(words) if word.startswith("-"))
    flags = words[begin : words.index("-o")]
    return tuple(
        flag
        for before, flag in zip(["", *flags], flags, strict=False)
        if "-include" not in (before, flag)
    )


def groups() -> list[Group]:
    tracked = subprocess.run(
        ["git", "ls-files", "*.cpp"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    built = {
        entry["file"]: entry
        for entry in json.loads((ROOT / "build" / "compile_commands.json").read_text())
    }
    files = defaultdict(list)
    for name in tracked:
        if entry := built.get(str(ROOT / name)):
            files[Path(name).parent, flags_of(entry), entry["directory"]].append(name)
    return [Group(flags, directory, tuple(names)) for (_, flags, directory), names in files.items()]


@functools.cache
def included(name: str) -> frozenset[str]:
    """Files of ours that a file includes directly."""
    found = INCLUDE.findall((ROOT / name).read_text(errors="replace"))
    return frozenset(path for path in found if (ROOT / path).is_file())


def closure(names: tuple[str, ...]) -> list[str]:
    seen, waiting = set(names), list(names)
    while waiting:
        new = included(waiting.pop()) - seen
        seen |= new
        waiting += new
    return sorted(seen)


def key(group: Group) -> str:
    content = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    # Without the folder of this checkout: another clone remembers the same.
    content.update("\0".join(group.flags).replace(str(ROOT), "").encode())
    for path in closure(group.files):
        content.update(path.encode() + b"\0" + (ROOT / path).read_bytes())
    return content.hexdigest()


def tidy(group: Group) -> str:
    """What clang-tidy says, or an empty text."""
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as unit:
        unit.writelines(f'#include "{ROOT / name}"\n' for name in group.files)
        unit.flush()
        result = subprocess.run(
            [TIDY, f"--config-file={ROOT / '.clang-tidy'}", "--quiet", unit.name]
            + ["--", *group.flags, "-ferror-limit=0"],
            cwd=group.directory,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    return (result.stdout or result.stderr) if result.returncode else ""


def check(group: Group) -> list[str]:
    """The findings in the group's files."""
    remembered = CACHE / key(group)
    if remembered.exists():
        return []
    said = tidy(group)
    if "[clang-diagnostic-" in said and len(group.files) > 1:
        findings = [finding for part in group.parted(said) for finding in check(part)]
    else:
        findings = [said] if said else []
    if not findings:
        remembered.touch()
    return findings


def main() -> int:
    CACHE.mkdir(parents=True, exist_ok=True)
    # The largest first: the others fill the gaps.
    work = sorted(groups(), key=lambda group: -len(group.files))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = [finding for found in pool.map(check, work) for finding in found]
    print("\n".join(findings))
    files = sum(len(group.files) for group in work)
    print(f"clang-tidy: {files} files, findings in {len(findings)} groups of them")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
