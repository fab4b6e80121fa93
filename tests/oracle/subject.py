"""Runs snippets through `ormc --batch --run`, a chunk at a time, and survives its crashes."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cases import Case

SECONDS_A_CASE = 5
SECONDS_A_CHUNK = 30


@dataclass
class Crash:
    """ormc ended, hung or wrote something else before it answered."""

    reason: str


class Subject:
    def __init__(self, binary: Path, manifest: Path, conninfo: str, environment: Mapping = ()):
        self.binary = binary
        self.command = [
            *(str(binary), "--manifest", str(manifest)),
            *("--batch", "--run", "--db", conninfo),
        ]
        self.environment = {**os.environ, **dict(environment)}

    def _start(self, cases: list[Case]) -> tuple[list[str], str]:
        """The lines that came back, and how it ended ("" when well)."""
        with tempfile.NamedTemporaryFile("w", suffix=".ndjson") as file:
            file.write("\n".join(case.line() for case in cases) + "\n")
            file.flush()
            limit = SECONDS_A_CHUNK + SECONDS_A_CASE * len(cases)
            try:
                done = subprocess.run(
                    [*self.command, file.name],
                    env=self.environment,
                    capture_output=True,
                    timeout=limit,
                    check=False,
                )
            except subprocess.TimeoutExpired as hung:
                return (hung.stdout or b"").decode().split("\n")[:-1], f"hung for {limit} s"
        end = "" if done.returncode == 0 else f"exit {done.returncode}: {done.stderr[-500:]!r}"
        return done.stdout.decode(errors="replace").split("\n")[:-1], end

    def run(self, cases: list[Case]) -> list[dict | Crash]:
        """An answer a case, in order: ormc's object, or how it crashed."""
        found: list[dict | Crash] = []
        while len(found) < len(cases):
            rest = cases[len(found) :]
            lines, end = self._start(rest)
            for line in lines[: len(rest)]:
                try:
                    found.append(json.loads(line))
                except json.JSONDecodeError:
                    found.append(Crash(f"not JSON: {line[:200]}"))
            if len(lines) < len(rest):
                found.append(Crash(end or "no line for this case"))
                if not lines and end.startswith("exit 2"):
                    raise SystemExit(f"{' '.join(self.command)}: {end}")
        return found
