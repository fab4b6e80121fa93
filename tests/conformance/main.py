"""Django's own tests as questions to ormc.

main.py [APP...]         those of apps.txt, or the ones named; a first run captures them
--recapture              run Django's tests again
--show KIND              print every outcome of this kind (different, crash, refused)
--match TEXT             only snippets, ids or reasons with this text
--report FOLDER          where report.md and report.json go (default: the cache's folder)
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [
    str(HERE),
    str(HERE.parent / "oracle"),
    str(ROOT / "scripts" / "demo"),
    str(ROOT / "django_app"),
]

import psycopg
from cluster import OWNER, Cluster
from outcome import CRASH, DIFFERENT, EQUAL, OPEN, REFUSED, judge

from asker import Asker
from distribution import tests_folder
from results import Results
from snapshots import Restorer

SECONDS_TO_CAPTURE = 1200


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("apps", nargs="*")
    parser.add_argument("--ormc", type=Path, default=ROOT / "build" / "bin" / "ormc")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "conformance")
    parser.add_argument("--recapture", action="store_true")
    parser.add_argument("--show", choices=[EQUAL, DIFFERENT, CRASH, REFUSED, OPEN])
    parser.add_argument("--match", default="")
    parser.add_argument("--report", type=Path)
    return parser.parse_args()


class Suite:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.cache: Path = options.cache
        self.tests = tests_folder(self.cache)
        self.cluster = Cluster(self.cache / "cluster")

    def dsn(self, database: str) -> str:
        return (
            f"host=127.0.0.1 port={self.cluster.port} dbname={database}"
            f" user={OWNER} password={self.cluster.password}"
        )

    def captured(self, app: str) -> Path:
        """The folder of an app's questions; made by running its tests where it is not there."""
        folder = self.cache / "apps" / app
        if (folder / "captured.pickle").exists() and not self.options.recapture:
            return folder
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{app}"')
            connection.execute(f'CREATE DATABASE "{app}"')
        begin = time.monotonic()
        environment = {**os.environ, "CONFORMANCE_DSN": self.dsn(app)}
        done = subprocess.run(
            [sys.executable, str(HERE / "capture.py"), str(self.tests), app, str(folder)],
            env=environment,
            check=False,
            timeout=SECONDS_TO_CAPTURE,
        )
        if done.returncode != 0:
            print(f"{app}: cannot be captured")
        else:
            print(f"  in {time.monotonic() - begin:.1f} s")
        return folder

    def ask(self, app: str, results: Results) -> None:
        folder = self.captured(app)
        if not (folder / "captured.pickle").exists():
            return
        with (folder / "captured.pickle").open("rb") as file:
            found = pickle.load(file)
        data = json.loads((folder / "data.json").read_text())
        wanted = self.options.match
        if wanted:
            found = [one for one in found if wanted in one.case.id or wanted in one.case.snippet]
        with psycopg.connect(self.dsn(app)) as connection:
            restorer = Restorer(connection)
            for manifest in sorted({one.manifest for one in found}):
                asked = [one for one in found if one.manifest == manifest]
                asked.sort(key=lambda one: one.data)
                with Asker(self.options.ormc, folder / manifest, self.dsn(app)) as asker:
                    for one in asked:
                        restorer.restore(data[one.data])
                        outcome = judge(one.case, one.answer, asker.ask(one.case))
                        results.add(app, outcome)
                        if outcome.kind == self.options.show:
                            print(outcome.report(), end="\n\n")


def main() -> int:
    options = arguments()
    listed = [line.split("#")[0].strip() for line in (HERE / "apps.txt").read_text().splitlines()]
    chosen = options.apps or [app for app in listed if app]
    suite = Suite(options)
    results = Results()
    suite.cluster.start()
    try:
        for app in chosen:
            begin = time.monotonic()
            suite.ask(app, results)
            results.print_app(app, time.monotonic() - begin)
            results.write(options.report or options.cache)
    finally:
        suite.cluster.stop()
    results.print_total()
    return 1 if results.wrong() else 0


if __name__ == "__main__":
    sys.exit(main())
