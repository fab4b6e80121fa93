"""The example site on a private cluster: migrated, seeded, its manifest exported."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from cases import NOW

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "ormc_oracle"

sys.path[:0] = [str(ROOT / "scripts" / "demo")]

from cluster import Cluster
from example import database_environment


class Site:
    """`with Site() as site:` Django is set up, and `site.conninfo` reaches the same database."""

    def __init__(self, keep: Path | None = None, seed: int = 1, scale: float = 1.0):
        """`keep`: a folder for the cluster that is left in place, for a quicker next run."""
        self.keep = keep
        self.seed = seed
        self.scale = scale
        self.folder = keep or Path(tempfile.mkdtemp(prefix="ormc-oracle-"))
        self.manifest = self.folder / "manifest.json"
        self.cluster = Cluster(self.folder / "cluster")
        self.conninfo = ""

    def __enter__(self) -> Site:
        self.cluster.start()
        self.cluster.ensure_database(DATABASE)
        environment = database_environment(self.cluster, DATABASE)
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="example_site.settings")
        # Django's own queries go by the same limit as ormc's, so that neither hangs the run.
        os.environ["PGOPTIONS"] = "-c statement_timeout=8000 -c max_parallel_workers_per_gather=0"
        self.conninfo = (
            f"host=127.0.0.1 port={environment['ORMC_DB_PORT']} dbname={DATABASE} "
            f"user={environment['ORMC_DB_USER']} password={environment['ORMC_DB_PASSWORD']}"
        )
        sys.path[:0] = [str(ROOT / "django_app"), str(ROOT / "django_app" / "example")]
        import django

        django.setup()
        self._fill()
        return self

    def _fill(self) -> None:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("seed_example", seed=self.seed, scale=self.scale, now=NOW, verbosity=0)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def export_manifest(self) -> Path:
        from django.core.management import call_command

        call_command("ormc_manifest", output=str(self.manifest), verbosity=0)
        return self.manifest

    def __exit__(self, *_) -> None:
        from django.db import connection

        connection.close()
        if self.keep:
            self.cluster.stop()
        else:
            self.cluster.remove()
            for file in self.folder.iterdir():
                file.unlink()
            self.folder.rmdir()
