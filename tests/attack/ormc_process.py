"""`ormc --batch --run` as a process that is asked case by case, with a deadline for each."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from corpus import Case

NOW = "2026-11-22T14:30:00+00:00"
SECONDS = 30  # for one case, also in a build with sanitizers; the statement timeout is 5


class Process:
    def __init__(self, binary: Path, arguments: list[str], users: dict, environment: Mapping = ()):
        self.command = [str(binary), *arguments, "--now", NOW]
        self.users = users
        self.environment = {**os.environ, **dict(environment)}
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_) -> None:
        self._stop()

    def _stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def _start(self) -> subprocess.Popen:
        if self.process is None:
            self.process = subprocess.Popen(
                [*self.command, "--batch", "-"],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        return self.process

    def ask(self, case: Case) -> dict:
        """ormc's object, or {"crash": how it ended}."""
        if case.raw:
            return self._ask_file(case)
        process = self._start()
        line = {"id": case.id, "snippet": case.text(), "user": self.users[case.user]}
        process.stdin.write(json.dumps(line).encode() + b"\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            if not selector.select(SECONDS):
                self._stop()
                return {"crash": f"no answer within {SECONDS} s"}
        answer = process.stdout.readline()
        if not answer.endswith(b"\n"):
            errors = process.stderr.read()[-400:].decode(errors="replace")
            self._stop()
            return {"crash": f"ended: {errors}"}
        return json.loads(answer)

    def _ask_file(self, case: Case) -> dict:
        """Bytes that JSON cannot carry."""
        with tempfile.NamedTemporaryFile(suffix=".py") as file:
            file.write(case.content())
            file.flush()
            command = [*self.command, "--format", "json", file.name]
            done = subprocess.run(
                command, env=self.environment, capture_output=True, timeout=SECONDS, check=False
            )
        if done.returncode not in (0, 1, 3):
            return {"crash": f"exit {done.returncode}: {done.stderr[-400:]!r}"}
        return json.loads(done.stdout)
