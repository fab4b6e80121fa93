"""Programs that run beside the demo until it stops them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path


class ServiceError(RuntimeError):
    pass


def last_lines(log: Path, count: int = 25) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


class Service:
    """A child in a session of its own, so that Ctrl-C reaches only the demo, which stops the parts
    in the reverse of their order."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        log: Path,
        folder: Path | None = None,
    ):
        self.name = name
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def alive(self) -> bool:
        return self._process.poll() is None

    def wait_ready(self, url: str, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        reason = "no answer"
        while time.monotonic() < deadline:
            if not self.alive():
                raise ServiceError(f"{self.name} stopped:\n{last_lines(self.log)}")
            try:
                with urllib.request.urlopen(url, timeout=2):  # noqa: S310
                    return
            except urllib.error.HTTPError as error:
                reason = f"{error.code} {error.read()[:300].decode(errors='replace')}"
            except OSError as error:
                reason = str(error)
            time.sleep(0.1)
        raise ServiceError(f"{self.name} is not ready at {url}: {reason}\n{last_lines(self.log)}")

    def stop(self, seconds: float = 10) -> None:
        if not self.alive():
            return
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(5)
