"""`make bench-chat`: ormd and the published package under the same load, in turn, in one run.

    main.py [--seconds 5] [--clients 1 16 64] [--latencies 0 500] [--waiting 10000] [--alone]

What is measured and what was seen: docs/speed.md.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import load
import usage
from sides import LIMITS, ROOT, Package, Side, Site, ours, prepare_ours

COLUMNS = "{:>8}{:>9}{:>9}{:>9}{:>10}{:>10}{:>12}{:>12}{:>9}{:>9}"
HEADS = (
    "ms",
    "clients",
    "side",
    "sent",
    "a second",
    "p50 ms",
    "p95 ms",
    "CPU ms",
    "PG ms",
    "MiB",
)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=5, help="of a row")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument(
        "--latencies", type=int, nargs="+", default=[0, 500], help="ms of the model"
    )
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--alone", action="store_true", help="ormd without the package")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "bench")
    return parser.parse_args()


@contextlib.contextmanager
def model() -> Iterator[str]:
    command = [sys.executable, str(Path(__file__).with_name("model.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()


def measure(side: Side, postgres: int, clients: int, seconds: float) -> dict:
    load.run(side.callers[:clients], min(1, seconds))  # warm: connections, caches, code
    before = usage.cpu(side.pid), usage.cpu(postgres)
    run = load.run(side.callers[:clients], seconds)
    after = usage.cpu(side.pid), usage.cpu(postgres)
    if run.failures:
        raise SystemExit(f"{side.name}: {len(run.failures)} failed: {run.failures[0]!r}")
    sent = len(run.times)
    return {
        "side": side.name,
        "clients": clients,
        "sent": sent,
        "a second": sent / run.seconds,
        "p50 ms": run.percentile(0.5) * 1e3,
        "p95 ms": run.percentile(0.95) * 1e3,
        "CPU ms": (after[0] - before[0]) / sent * 1e3,
        "PG ms": (after[1] - before[1]) / sent * 1e3,
        "MiB": usage.memory(side.pid),
    }


def show(row: dict) -> None:
    cells = [f"{c:.2f}" if isinstance(c, float) else str(c) for c in (row[h] for h in HEADS)]
    print(COLUMNS.format(*cells), flush=True)


def first_rows(side: Side, times: int = 20) -> float:
    words, headers = side.first_row
    taken = sorted(load.first_row(side.callers[0], words, **headers) for _ in range(times))
    return taken[times // 2] * 1e3


def waiting(site: Site, users: int, base_url: str, questions: int) -> dict:
    """Memory of ormd with so many questions that wait for the model."""
    with ours(site, users, base_url) as side:
        load.run(side.callers[:1], 0.1)
        idle = usage.memory(side.pid)
        callers = [side.callers[n % users] for n in range(questions)]
        held = load.hold(callers, lambda: usage.memory(side.pid))
    return {"questions": questions, "idle MiB": idle, "MiB": held}


def compare(site: Site, options: argparse.Namespace, log) -> dict:
    users = max(options.clients)
    prepare_ours(site, users)
    package = None if options.alone else Package(site)
    package_users = package.prepare(users) if package else []
    postgres = site.cluster._server.pid
    rows, first = [], {}
    print(COLUMNS.format(*HEADS))
    with model() as address:
        for latency in options.latencies:
            base_url = f"{address}/{latency}/v1"
            with contextlib.ExitStack() as running:
                sides = [running.enter_context(ours(site, users, base_url))]
                if package:
                    theirs = package.running(package_users, base_url, log)
                    sides.append(running.enter_context(theirs))
                for clients in options.clients:
                    for side in sides:
                        row = measure(side, postgres, clients, options.seconds)
                        rows.append({"ms": latency, **row})
                        show(rows[-1])
                for side in sides:
                    first[f"{side.name}, {latency} ms"] = first_rows(side)
        print("ms to the first row, one client:", {k: round(v, 1) for k, v in first.items()})
        held = waiting(site, users, f"{address}/100000/v1", options.waiting)
        print("waiting:", held)
    return {"rows": rows, "first row": first, "waiting": held, "limits": LIMITS}


def main() -> None:
    options = arguments()
    options.output.mkdir(parents=True, exist_ok=True)
    # A waiting question is two sockets of ormd's.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(f"load before: {os.getloadavg()[0]:.1f}")
    site = Site()
    with tempfile.TemporaryFile() as log:
        try:
            site.start()
            results = compare(site, options, log)
        finally:
            site.remove()
    results["load after"] = os.getloadavg()[0]
    (options.output / "chat.json").write_text(json.dumps(results, indent=1) + "\n")
    print(f"load after: {results['load after']:.1f}; written to {options.output / 'chat.json'}")


if __name__ == "__main__":
    main()
