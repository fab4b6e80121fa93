"""The two sides of the benchmark: a process each that answers a line with a line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARIES = ROOT / "build" / "bin"
DJANGO = [sys.executable, str(Path(__file__).with_name("django_side.py"))]


class Side:
    def __init__(self, *command: str | Path):
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, case: dict) -> dict:
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args[0]} ended")
        return json.loads(line)

    def __enter__(self) -> Side:
        return self

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        self.process.wait()


def ormc(manifest: Path) -> Side:
    return Side(BINARIES / "compile_bench", manifest)


def django() -> Side:
    return Side(*DJANGO)


def cpu_of(*command: str | Path) -> float:
    """Seconds of CPU time, user and system, of a process from its start to its end."""
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command[0]}: exit {process.returncode}")
    return usage.ru_utime + usage.ru_stime
