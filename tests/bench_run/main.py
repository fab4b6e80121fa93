"""`make bench-run`: ormd's run path against bare libpq, and its export against psql's \\copy.

    main.py [--rounds 400] [--rows 200000] [--exports 5]

What is measured and what was seen: docs/speed.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "integration"))

import export
from stack import ORMD, Site

RUN_BENCH = ORMD.with_name("run_bench")
PEOPLE = 2_000
SNIPPETS = {
    "count": "result = User.objects.count()",
    "one row": "result = User.objects.filter(pk=1).values('id', 'username')",
    "fifty rows": "result = User.objects.order_by('-id').values('id', 'username', 'email')[:50]",
    "a hundred objects": "result = User.objects.order_by('username')[:100]",
    "groups": "result = User.objects.values('is_staff').annotate(n=Count('id'), last=Max('date_joined'))",
    "two queries": "result = {'all': User.objects.count(), 'staff': User.objects.filter(is_staff=True).count()}",
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=400, help="of a snippet, both sides in turn")
    parser.add_argument("--rows", type=int, default=200_000, help="of an export")
    parser.add_argument("--exports", type=int, default=5, help="both sides in turn")
    return parser.parse_args()


def populate(people: int) -> None:
    from django.contrib.auth.models import User

    known = User.objects.count()
    User.objects.bulk_create(
        (
            User(username=f"person-{n}", email=f"{n}@example.com", is_staff=n % 20 == 0)
            for n in range(known, people)
        ),
        batch_size=10_000,
    )


def run_path(site: Site, rounds: int) -> None:
    from django.core.management import call_command

    print(
        f"{'run path':<20}{'rows':>6}{'ormd us':>10}{'libpq us':>10}{'ratio':>7}{'gated us':>10}{'ratio':>7}"
    )
    with tempfile.NamedTemporaryFile(suffix=".json") as manifest:
        call_command("ormc_manifest", output=manifest.name)
        with subprocess.Popen(
            [str(RUN_BENCH), manifest.name, site.dsn("ormc_reader")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as bench:
            now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
            for name, snippet in SNIPPETS.items():
                line = {"snippet": snippet, "now": now, "tz": "UTC", "rounds": rounds}
                bench.stdin.write(json.dumps(line) + "\n")
                bench.stdin.flush()
                said = json.loads(bench.stdout.readline())
                ours, bare, gated = (said[side] / 1e3 for side in ("ours", "bare", "gated"))
                line = f"{name:<20}{said['rows']:>6}{ours:>10.0f}{bare:>10.0f}{ours / bare:>7.2f}"
                print(f"{line}{gated:>10.0f}{ours / gated:>7.2f}", flush=True)
            bench.stdin.close()


def main() -> None:
    options = arguments()
    print(f"load before: {os.getloadavg()[0]:.1f}")
    site = Site()
    try:
        site.start()
        populate(PEOPLE)
        site.rows("ANALYZE")
        run_path(site, options.rounds)
        populate(options.rows)
        site.rows("VACUUM ANALYZE auth_user")
        export.compare(site, options.rows, options.exports)
    finally:
        site.remove()
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
