"""`ormc --batch --run` as a conversation: the data change between two questions."""

from __future__ import annotations

import json
import select
import subprocess
import tempfile
from pathlib import Path

from cases import Case
from subject import Crash

SECONDS = 20


class Asker:
    def __init__(self, binary: Path, manifest: Path, conninfo: str):
        self.command = [
            *(str(binary), "--manifest", str(manifest)),
            *("--batch", "--run", "--db", conninfo, "-"),
        ]
        self.process: subprocess.Popen | None = None
        self.complaints = tempfile.TemporaryFile()

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, *_) -> None:
        self.stop()
        self.complaints.close()

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask(self, case: Case) -> dict | Crash:
        if self.process is None:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.complaints,
            )
        try:
            self.process.stdin.write(case.line().encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return self.crashed("ended before it was asked")
        if not select.select([self.process.stdout], [], [], SECONDS)[0]:
            return self.crashed(f"no answer within {SECONDS} s")
        line = self.process.stdout.readline()
        if not line:
            return self.crashed("ended without an answer")
        try:
            return json.loads(line)
        except json.JSONDecodeError:
            return Crash(f"not JSON: {line[:200]!r}")

    def crashed(self, how: str) -> Crash:
        self.stop()
        self.complaints.seek(0)
        said = self.complaints.read()[-400:].decode(errors="replace")
        return Crash(f"{how}: {said}")
