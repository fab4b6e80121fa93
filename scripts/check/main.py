"""`make test [PARTS="unit lint"]`: runs the parts, prints time against budget, counts.

`PARTS=all` (`make nightly`) adds the long ones.

A part's output goes to build/check/NAME.log; the end of it is shown when the part fails.
"""

from __future__ import annotations

import subprocess
import sys
import time

from parts import PARTS, ROOT, Part

LOGS = ROOT / "build" / "check"
TAIL = 120


def run(part: Part) -> tuple[bool, float]:
    log = LOGS / f"{part.name}.log"
    print(f"{part.name:<16} ... (budget {part.budget} s)", flush=True)
    start = time.monotonic()
    with log.open("wb") as output:
        code = subprocess.run(
            ["bash", "-c", part.command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ).returncode
    seconds = time.monotonic() - start
    lines = log.read_text(errors="replace").splitlines()
    if code != 0:
        print(f"---- {part.name}: exit {code}, the end of {log.relative_to(ROOT)}")
        print("\n".join(lines[-TAIL:]), flush=True)
    else:
        for line in lines[-2:]:
            print(f"{'':<17}{line[:140]}", flush=True)
    return code == 0, seconds


def select(names: list[str]) -> list[Part]:
    unknown = set(names) - {part.name for part in PARTS} - {"all"}
    if unknown:
        sys.exit(
            f"no such part: {', '.join(sorted(unknown))}; "
            f"there are {', '.join(part.name for part in PARTS)}"
        )
    if names == ["all"]:
        return list(PARTS)
    return [part for part in PARTS if part.name in names or not (names or part.nightly)]


def main(names: list[str]) -> int:
    LOGS.mkdir(parents=True, exist_ok=True)
    rows: list[tuple[Part, str, float]] = []
    stopped = False
    for part in select(names):
        if stopped or not part.present():
            rows.append((part, "not run" if stopped else "absent", 0.0))
            continue
        passed, seconds = run(part)
        rows.append((part, "ok" if passed else "FAILED", seconds))
        stopped = part.fatal and not passed

    print(f"\n{'part':<16}{'result':<10}{'seconds':>8}{'budget':>8}")
    for part, result, seconds in rows:
        print(f"{part.name:<16}{result:<10}{seconds:>8.1f}{part.budget:>8}")
    total = sum(seconds for _, _, seconds in rows)
    print(f"{'total':<26}{total:>8.1f}{sum(part.budget for part, _, _ in rows):>8}\n")
    failed = sum(result in ("FAILED", "not run") for _, result, _ in rows)
    passed_count = sum(result == "ok" for _, result, _ in rows)
    print(f"{passed_count} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main([name for argument in sys.argv[1:] for name in argument.split()]))
