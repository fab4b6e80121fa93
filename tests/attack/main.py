"""The attack corpus: each case through ormc, with a policy that hides and masks and a limited user.

    main.py [PATTERN...]       the cases whose name has a pattern, or whose rule it is
    main.py --switches ORMC    each rule of switches.txt switched off must turn some case red
    main.py --update           put the answers into cases/*.txt; review the diff

A case is red where its answer has another code, took too long or crashed ormc; where text of the
attacker stands in SQL; or where a hidden or masked value stands in the answer.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from corpus import HERE, read_all, rewrite
from ormc_process import Process
from verdict import code_of, why_red

ROOT = HERE.parents[1]
sys.path.append(str(ROOT / "tests" / "oracle"))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("patterns", nargs="*")
    parser.add_argument("--ormc", type=Path, default=ROOT / "build" / "bin" / "ormc")
    parser.add_argument("--switches", type=Path, metavar="ORMC", help="with -DORMC_PLANTED_DEFECTS")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="reuse a cluster kept there")
    return parser.parse_args()


def users(view_file: Path = HERE / "users.json") -> dict:
    common = {"format": 1, "groups": [], "tz": "Europe/Berlin", "lang": "en", "manifest": None}
    rights = json.loads(view_file.read_text())
    return {
        name: {**common, **right, "user": {"id": place, "name": name}}
        for place, (name, right) in enumerate(rights.items(), 1)
    }


def run(options, site) -> int:
    from secret_values import secret_values

    policy = HERE / "policy.json"
    manifest = str(site.export_manifest())
    given = ["--manifest", manifest, "--policy", str(policy), "--run", "--db", site.conninfo]
    cases = read_all(options.patterns)
    secrets = secret_values(json.loads(policy.read_text()))
    if options.switches:
        from switches import run_switches

        return run_switches(options.switches, given, cases, users(), secrets)
    answers = {}
    red = Counter()
    slowest = (0.0, "")
    with Process(options.ormc, given, users()) as subject:
        for case in cases:
            begin = time.monotonic()
            answer = subject.ask(case)
            slowest = max(slowest, (time.monotonic() - begin, case.id))
            answers[case.id] = code_of(answer)
            why = why_red(case, answer, secrets)
            red[case.rule] += why is not None
            if why and not options.update:
                print(f"RED {case.id} ({case.rule}): {why}\n{case.snippet[:400]}")
    if options.update:
        rewrite(answers)
    rules = Counter(case.rule for case in cases)
    print("  ".join(f"{rule} {count}" for rule, count in sorted(rules.items())))
    print(f"slowest: {slowest[1]}, {slowest[0]:.1f} s")
    print(f"attack: {len(cases) - red.total()} passed, {red.total()} failed")
    return red.total()


def main() -> int:
    options = arguments()
    from site_setup import Site

    with Site(options.keep) as site:
        return 1 if run(options, site) else 0


if __name__ == "__main__":
    sys.exit(main())
