"""Random snippets, a chunk at a time: run, counted, and shrunk where the answers differ."""

from __future__ import annotations

import ast
import statistics
from collections import Counter

from cases import Case
from compare import Indeterminate, check_determinate
from generate import Draw, Programs
from outcome import CRASH, DIFFERENT, judge_random
from reference import Reference
from report import Tally, write_findings
from shrink import Shrinker
from subject import Subject

CHUNK = 250
SHRINK = 8  # mismatches that are shrunk; more would only repeat them
# What the generator and the compiler must reach, judged on as many snippets as make it certain.
ACCEPTED, NODES, HITS, JUDGED_FROM = 0.80, 25, 0.60, 500


class Quality:
    """What the generator says of itself."""

    def __init__(self):
        self.nodes: list[int] = []
        self.total = self.empty = self.invalid = self.open = 0
        self.errors: Counter = Counter()

    def add(self, case: Case, answer) -> None:
        self.total += 1
        self.nodes.append(sum(1 for _ in ast.walk(ast.parse(case.snippet))))
        self.empty += answer.empty
        if answer.error not in (None, "DoesNotExist"):
            self.invalid += 1
            self.errors[f"{answer.error}: {answer.message[:90]}"] += 1
        elif answer.error is None:
            try:
                check_determinate(answer.first, answer.second)
            except Indeterminate:
                self.open += 1

    def short_of_goals(self, accepted: float | None) -> list[str]:
        if self.total < JUDGED_FROM:
            return []
        return [
            *(["accepted"] if accepted is not None and accepted < ACCEPTED else []),
            *(["nodes"] if statistics.median(self.nodes) < NODES else []),
            *(["non-empty"] if 1 - self.empty / self.total < HITS else []),
        ]

    def line(self, draw: Draw, accepted: float | None) -> str:
        construct, uses = min(draw.used.items(), key=lambda item: item[1])
        relation, joins = min(draw.relations.items(), key=lambda item: item[1])
        total = max(1, self.total)
        share = "not run" if accepted is None else f"{accepted:.1%}"
        return (
            f"quality: accepted {share}, median {statistics.median(self.nodes or [0]):.0f} nodes, "
            f"non-empty {1 - self.empty / total:.1%}, valid {1 - self.invalid / total:.1%}, "
            f"order left open {self.open / total:.1%}, least used: {construct} ({uses}), "
            f"relation {relation} ({joins})"
        )


def run_generated(options, site) -> int:
    manifest = options.manifest or site.export_manifest()
    draw = Draw(options.seed, manifest)
    programs = Programs(draw, f"seed{options.seed}/")
    reference = Reference()
    quality, tally = Quality(), Tally()
    subject = None if options.django_only else Subject(options.ormc, manifest, site.conninfo)
    for begin in range(0, options.generate, CHUNK):
        chunk = [programs.case() for _ in range(min(CHUNK, options.generate - begin))]
        ours = subject.run(chunk) if subject else [None] * len(chunk)
        for case, found in zip(chunk, ours, strict=True):
            if found is not None:
                outcome = judge_random(case, reference, found)
                tally.add(outcome)
            answer = outcome.answer if found is not None else reference.run(case)
            quality.add(case, answer)
            if options.verbose:
                print(f"-- {case.id}: {answer.error or answer.first}\n{case.snippet}")
    return finish(options, quality, tally, draw, Shrinker(reference, subject))


def finish(options, quality: Quality, tally: Tally, draw: Draw, shrinker: Shrinker) -> int:
    for outcome in tally.wrong[:SHRINK]:
        shrunk = shrinker.shrink(outcome)
        print(f"{shrunk.report()}\n  shrunk from:\n{outcome.case.snippet}", end="\n\n")
    for error, count in quality.errors.most_common(10):
        print(f"  Django raised {count:>4}  {error}")
    tally.print_table(by_tag=options.verbose)
    if options.findings:
        write_findings(tally, options.findings)
    refused = tally.kinds["refused"]
    accepted = None if options.django_only else 1 - refused / max(1, tally.total)
    print(quality.line(draw, accepted))
    short = quality.short_of_goals(accepted)
    for goal in short:
        print(f"quality: short of the goal: {goal}")
    failed = tally.kinds[DIFFERENT] + tally.kinds[CRASH]
    print(f"generated: {quality.total - failed} passed, {failed} failed")
    return failed + len(short)
