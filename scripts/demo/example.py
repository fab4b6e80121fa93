"""The example site on a cluster: its environment, tables, data, roles and users."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

from cluster import OWNER, Cluster

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "django_app"
MANAGE = APP / "example" / "manage.py"
READER, STORE = "ormc_reader", "ormc_store"
STAFF_USER = "demo"


class ExampleError(RuntimeError):
    pass


def python() -> str:
    own = ROOT / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def database_environment(cluster: Cluster, database: str) -> dict[str, str]:
    """How the example site finds its database, as its owner."""
    return {
        "ORMC_DB_HOST": "127.0.0.1",
        "ORMC_DB_PORT": str(cluster.port),
        "ORMC_DB_NAME": database,
        "ORMC_DB_USER": OWNER,
        "ORMC_DB_PASSWORD": cluster.password,
    }


class Secrets:
    """Made once for a cluster and kept beside it, readable by nobody else."""

    NAMES = ("reader", "store", "staff", "django", "shared", "token")

    def __init__(self, path: Path):
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(json.dumps({name: secrets.token_urlsafe(32) for name in self.NAMES}))
        values = json.loads(path.read_text())
        self.reader: str = values["reader"]
        self.store: str = values["store"]
        self.staff: str = values["staff"][:12]
        self.django: str = values["django"]
        self.shared: str = values["shared"]
        self.token: str = values["token"]


class Example:
    def __init__(self, cluster: Cluster, database: str = "ormc_example"):
        self.cluster = cluster
        self.database = database
        self.secrets = Secrets(cluster.home / "secrets.json")

    def environment(self) -> dict[str, str]:
        """What Django's programs need; ormd shares the last two."""
        return {
            **database_environment(self.cluster, self.database),
            "DJANGO_SECRET_KEY": self.secrets.django,
            "ORMC_SECRET": self.secrets.shared,
            "ORMC_TOKEN_KEY": self.secrets.token,
        }

    def conninfo(self, role: str) -> str:
        """libpq's connection string for one of ormd's two roles."""
        password = {READER: self.secrets.reader, STORE: self.secrets.store}[role]
        return (
            f"host=127.0.0.1 port={self.cluster.port} dbname={self.database} "
            f"user={role} password={password}"
        )

    def manage(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [python(), str(MANAGE), *arguments],
            env={**os.environ, **self.environment(), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ExampleError(f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    # -- what the database holds

    def _stamp(self) -> str:
        """Changes with the app's code and, since the data speak of today, with the day."""
        content = hashlib.sha256(datetime.date.today().isoformat().encode())
        for path in sorted(APP.rglob("*.py")):
            content.update(path.read_bytes())
        return content.hexdigest()

    def fill(self) -> bool:
        """Makes roles, tables, data and users; False when all of it was there already."""
        stamp_file = self.cluster.home / f"{self.database}.stamp"
        stamp = self._stamp()
        if stamp_file.exists() and stamp_file.read_text() == stamp:
            return False
        self.cluster.ensure_database(self.database)
        self.cluster.ensure_role(READER, self.secrets.reader)
        self.cluster.ensure_role(STORE, self.secrets.store)
        self.manage("migrate", "--verbosity=0", "--no-input")
        self.manage("seed_example", "--verbosity=0")
        self.manage("ai_assistant_demo_queries", "--verbosity=0")
        self.manage("ormc_grants", "--apply")
        self._make_staff_user()
        stamp_file.write_text(stamp)
        return True

    def _make_staff_user(self) -> None:
        self.manage(
            "shell",
            "--command",
            "import os\n"
            "from django.contrib.auth import get_user_model\n"
            f"user, _ = get_user_model().objects.get_or_create(username='{STAFF_USER}')\n"
            "user.is_staff = user.is_superuser = user.is_active = True\n"
            "user.set_password(os.environ['ORMC_DEMO_PASSWORD'])\n"
            "user.save()\n",
            ORMC_DEMO_PASSWORD=self.secrets.staff,
        )
