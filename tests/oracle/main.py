"""The oracle: the same snippet in Django and in ormc, on the same data, with the same clock.

    main.py [PATTERN...]           the hand-made cases (or those whose id or tag has a pattern)
    main.py --generate N --seed S  N random snippets; a mismatch is shrunk and printed
    main.py --metamorphic N        N random snippets that must keep laws among their own answers
    main.py --misuse N --seed S    N of the cases, each spoilt a little: does ormc answer what it must not?
    main.py --defects ORMC         each planted defect of defects.txt must turn some case red
    main.py --django-only          no ormc: do the cases run in Django, and do they hit data?

Exit 1 on any difference, crash, or refusal that expected_refusals.txt does not list.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path

from cases import Case, read_all
from site_setup import ROOT, Site

CHUNK = 300


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("patterns", nargs="*", help="run only cases with one of these")
    parser.add_argument("--ormc", type=Path, default=ROOT / "build" / "bin" / "ormc")
    parser.add_argument("--manifest", type=Path, help="instead of the example site's own")
    parser.add_argument("--generate", type=int, default=0, metavar="N")
    parser.add_argument("--metamorphic", type=int, default=0, metavar="N")
    parser.add_argument("--misuse", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--defects", type=Path, metavar="ORMC", help="with -DORMC_PLANTED_DEFECTS")
    parser.add_argument("--django-only", action="store_true")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="reuse a cluster kept there")
    parser.add_argument("--findings", type=Path, help="write the grouped list of what is wrong")
    parser.add_argument("--budget", type=int, help="seconds, printed only")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every answer")
    return parser.parse_args()


def run_cases(cases: list[Case], reference, subject):
    """Yields an outcome a case, a chunk at a time. A name that a case misspells tests nothing."""
    from outcome import CRASH, judge

    for begin in range(0, len(cases), CHUNK):
        chunk = cases[begin : begin + CHUNK]
        ours = subject.run(chunk)
        for case, found in zip(chunk, ours, strict=True):
            outcome = judge(case, reference.run(case), found)
            error = outcome.answer and outcome.answer.error
            if error == "NameError" and "invalid" not in case.tags:
                outcome.kind, outcome.reason = CRASH, outcome.answer.message
            yield outcome


def check_in_django(cases: list[Case], verbose: bool) -> int:
    """Do the cases run, is their answer determined, and does it hit data?"""
    from compare import Indeterminate, check_determinate, show
    from reference import Reference

    reference = Reference()
    counts = {"hit": 0, "empty": 0, "raises": 0, "open": 0}
    for case in cases:
        answer = reference.run(case)
        state = "raises" if answer.error else "empty" if answer.empty else "hit"
        note = f"{answer.error}: {answer.message[:300]}" if answer.error else show(answer.first)
        if state != "raises":
            try:
                check_determinate(answer.first, answer.second)
            except Indeterminate as why:
                state, note = "open", str(why)
        counts[state] += 1
        if verbose or state == "open" or (state != "hit") != bool({state} & set(case.tags)):
            print(f"{state:<7} {case.id}: {note}")
    print(" ".join(f"{state} {count}" for state, count in counts.items()))
    return counts["open"]


def run_corpus(options, site: Site) -> int:
    from reference import Reference
    from report import Tally, write_findings
    from subject import Subject

    tally = Tally()
    manifest = options.manifest or site.export_manifest()
    subject = Subject(options.ormc, manifest, site.conninfo)
    for outcome in run_cases(read_all(options.patterns), Reference(), subject):
        tally.add(outcome)
        if options.verbose:
            print(outcome.report())
    unexpected = tally.unexpected()
    for outcome in [] if options.verbose else [*tally.wrong, *unexpected]:
        print(outcome.report(), end="\n\n")
    tally.print_table()
    for stale in tally.stale():
        print(f"expected_refusals.txt: {stale} is answered now: take it off the list")
    if options.findings:
        write_findings(tally, options.findings)
    failed = len(tally.wrong) + len(unexpected)
    print(f"oracle: {tally.total - failed} passed, {failed} failed")
    return failed


def run(options, site: Site) -> int:
    if options.django_only and not options.generate:
        return check_in_django(read_all(options.patterns), options.verbose)
    if options.generate:
        from generated import run_generated

        return run_generated(options, site)
    if options.metamorphic:
        from metamorphic import run_metamorphic

        return run_metamorphic(options, site)
    if options.misuse:
        from misuse import run_misuse

        return run_misuse(options, site)
    if options.defects:
        from defects import run_defects

        return run_defects(options, site)
    return run_corpus(options, site)


def main() -> int:
    options = arguments()
    warnings.simplefilter("ignore", RuntimeWarning)  # naive datetimes: some cases are about them
    begin = time.monotonic()
    with Site(options.keep) as site:
        ready = time.monotonic()
        failed = run(options, site)
    total = time.monotonic() - begin
    budget = options.budget or 60 + (options.generate + options.misuse) // 20
    print(f"{total:.1f} s of {budget} s, {ready - begin:.1f} s of them the database")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
