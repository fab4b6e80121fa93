"""Runs clang-tidy over the project's own translation units, one a core."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIDY = "clang-tidy-16"


def own_units() -> list[str]:
    tracked = subprocess.run(
        ["git", "ls-files", "*.cpp"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    database = json.loads((ROOT / "build" / "compile_commands.json").read_text())
    built = {entry["file"] for entry in database}
    return [name for name in tracked if str(ROOT / name) in built]


def check(name: str) -> tuple[str, str]:
    result = subprocess.run(
        [TIDY, "-p", "build", "--quiet", name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    return name, result.stdout if result.returncode else ""


def main() -> int:
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
