"""Each planted defect of defects.txt must turn some case red: the cases are tested, too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cases import Case, read_all
from outcome import CRASH, DIFFERENT, Outcome, judge
from reference import Reference
from subject import Subject

FILE = Path(__file__).parent / "defects.txt"


@dataclass
class Defect:
    id: str
    tags: list[str]
    meaning: str

    def concerns(self, case: Case) -> bool:
        return any(tag in case.tags for tag in self.tags)


def read_defects() -> list[Defect]:
    rows = [line for line in FILE.read_text().splitlines() if line and not line.startswith("#")]
    cells = [[cell.strip() for cell in row.split("|", 2)] for row in rows]
    return [Defect(name, tags.split(), meaning) for name, tags, meaning in cells]


class Bench:
    """The cases that any defect concerns, with Django's answers computed once."""

    def __init__(self, options, site):
        self.options, self.site = options, site
        self.manifest = options.manifest or site.export_manifest()
        self.defects = [
            d for d in read_defects() if not options.patterns or d.id in options.patterns
        ]
        reference = Reference()
        self.cases = [c for c in read_all() if any(d.concerns(c) for d in self.defects)]
        self.answers = {case.id: reference.run(case) for case in self.cases}
        self.wrong_anyway = {o.case.id for o in self.reds(self.cases, {})}

    def reds(self, cases: list[Case], environment: dict[str, str]) -> list[Outcome]:
        options, site = self.options, self.site
        subject = Subject(options.defects, self.manifest, site.conninfo, environment)
        judged = (
            judge(case, self.answers[case.id], ours)
            for case, ours in zip(cases, subject.run(cases), strict=True)
        )
        return [outcome for outcome in judged if outcome.kind in (DIFFERENT, CRASH)]

    def red_for(self, defect: Defect) -> list[Outcome]:
        cases = [c for c in self.cases if defect.concerns(c) and c.id not in self.wrong_anyway]
        return self.reds(cases, {"ORMC_DEFECT": defect.id})


def run_defects(options, site) -> int:
    bench = Bench(options, site)
    missed = 0
    for defect in bench.defects:
        red = bench.red_for(defect)
        missed += not red
        state = f"{len(red):>3} red" if red else "NOT SEEN"
        example = f"  e.g. {red[0].case.id}" if red else ""
        print(f"{defect.id:<24}{state:<10}{defect.meaning}{example}")
    print(f"defects: {len(bench.defects) - missed} passed, {missed} failed")
    return missed
