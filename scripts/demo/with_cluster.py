"""`with_cluster.py COMMAND...`: runs a command beside a PostgreSQL cluster made for it.

The command finds an empty database through libpq's variables (PGHOST, ...) and the example site's
(ORMC_DB_HOST, ...). The cluster is gone afterwards.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from cluster import Cluster
from example import database_environment

DATABASE = "ormc_test"


def main(command: list[str]) -> int:
    if not command:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `finally` runs
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="ormc-cluster-")) / "home")
    try:
        cluster.start()
        cluster.ensure_database(DATABASE)
        environment = {
            **os.environ,
            **cluster.environment(DATABASE),
            **database_environment(cluster, DATABASE),
        }
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        cluster.remove()
        cluster.home.parent.rmdir()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
