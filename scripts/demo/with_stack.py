"""`with_stack.py COMMAND...`: runs a command beside a whole stack made for it, then removes it.

The command finds ORMC_STACK_URL (the site), ORMC_STACK_USER and ORMC_STACK_PASSWORD (a superuser),
and the example site's database as `with_cluster.py` gives it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from example import STAFF_USER
from progress import step
from stack import Stack


def main(command: list[str]) -> int:
    if not command:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `finally` runs
    folder = Path(tempfile.mkdtemp(prefix="ormc-stack-"))
    stack = Stack(folder / "home")
    try:
        stack.start(step)
        environment = {
            **os.environ,
            **stack.example.environment(),
            "ORMC_STACK_URL": stack.site_url,
            "ORMC_STACK_USER": STAFF_USER,
            "ORMC_STACK_PASSWORD": stack.example.secrets.staff,
        }
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        stack.stop()
        stack.cluster.remove()
        folder.rmdir()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
