"""What came of a case: equal, refused, different, crash; and what Django leaves open."""

from __future__ import annotations

from dataclasses import dataclass

from cases import Case
from compare import (
    Difference,
    Indeterminate,
    canonical,
    check_determinate,
    compare_answers,
    show,
)
from reference import Answer, Reference
from subject import Crash

EQUAL, REFUSED, DIFFERENT, CRASH, OPEN = "equal", "refused", "different", "crash", "open"


# Errors of a run by which ormc refuses what would be too much (docs/refusals.md).
LIMITS = {"ORM604", "ORM605", "ORM606", "ORM607", "ORM610"}


@dataclass
class Outcome:
    case: Case
    kind: str
    reason: str = ""
    code: str = ""  # of a refusal: the diagnostic's code and name
    refusal: str = ""  # of a refusal: the id of docs/refusals.md
    answer: Answer | None = None
    ours: dict | Crash | None = None

    def sql(self) -> list[str]:
        queries = self.ours.get("queries") if isinstance(self.ours, dict) else None
        return [f"{q.get('sql')}  -- {q.get('params')}" for q in queries or []]

    def report(self) -> str:
        indent = "\n    "
        parts = [f"{self.kind.upper()} {self.case.id}: {self.reason}"]
        parts.append(indent.join(["  snippet:", *self.case.snippet.rstrip().split("\n")]))
        if self.kind != REFUSED and self.answer is not None:
            django = self.answer.error or show(self.answer.first)
            parts.append(f"  Django: {django} {self.answer.message}")
            heading = "  its SQL (ties broken by position):"
            parts.append(indent.join([heading, *self.answer.queries[:6]]))
        parts.append(f"  ormc: {show(shorten(self.ours))}")
        if self.sql():
            parts.append(indent.join(["  its SQL:", *self.sql()[:6]]))
        return "\n".join(parts)


def shorten(ours):
    if isinstance(ours, Crash):
        return ours.reason
    return {key: value for key, value in (ours or {}).items() if key not in ("queries", "columns")}


def main_diagnostic(ours: dict) -> dict:
    """The first error among the diagnostics (notes and warnings come with answers, too)."""
    errors = [d for d in ours["diagnostics"] if d.get("severity", "error") == "error"]
    return (errors or ours["diagnostics"] or [{}])[0]


def judge_error(case: Case, answer: Answer, ours: dict) -> Outcome:
    """Django raised: ormc raises the same class, or refuses naming it."""
    if "error" in ours:
        name = ours["error"].get("django")
        if name == answer.error:
            return Outcome(case, EQUAL, answer=answer, ours=ours)
        reason = f"Django raises {answer.error}, ormc {name}: {ours['error'].get('message')}"
        return Outcome(case, DIFFERENT, reason, answer=answer, ours=ours)
    return Outcome(case, DIFFERENT, f"Django raises {answer.error}", answer=answer, ours=ours)


def judge(case: Case, answer: Answer, ours: dict | Crash) -> Outcome:
    if isinstance(ours, Crash):
        return Outcome(case, CRASH, ours.reason, answer=answer, ours=ours)
    if ours.get("id", case.id) != case.id:
        return Outcome(case, CRASH, f"answered {ours['id']} instead", answer=answer, ours=ours)
    if "result" not in ours and "diagnostics" in ours:
        seen = main_diagnostic(ours)
        code = f"{seen.get('code')} {seen.get('name')}"
        refusal = seen.get("refusal") or ""
        if code.startswith("ORM9"):
            return Outcome(case, CRASH, f"{code}: {seen.get('message')}", answer=answer, ours=ours)
        if answer.error is not None and seen.get("django") == answer.error:
            return Outcome(case, EQUAL, answer=answer, ours=ours)
        reason = f"{code}: {seen.get('message')}"
        if answer.error is not None and not refusal:
            reason += f" [Django raises {answer.error}]"
        return Outcome(case, REFUSED, reason, code, refusal, answer, ours)
    code = ours.get("error", {}).get("code")
    if code in LIMITS:
        return Outcome(case, REFUSED, ours["error"]["message"], code, "limit", answer, ours)
    if answer.error is not None:
        return judge_error(case, answer, ours)
    try:
        if "error" in ours:
            check_determinate(answer.first, answer.second)
            error = ours["error"]
            reason = (
                f"ormc raises {error.get('code')} {error.get('django')}: {error.get('message')}"
            )
            return Outcome(case, DIFFERENT, reason, answer=answer, ours=ours)
        if "result" not in ours:
            reason = f"neither result nor error nor diagnostics: {show(ours)}"
            return Outcome(case, CRASH, reason, answer=answer, ours=ours)
        compare_answers(answer.first, answer.second, ours)
    except Indeterminate as open_answer:
        return Outcome(case, OPEN, str(open_answer), answer=answer, ours=ours)
    except Difference as difference:
        return Outcome(case, DIFFERENT, str(difference), answer=answer, ours=ours)
    return Outcome(case, EQUAL, answer=answer, ours=ours)


def judge_random(case: Case, reference: Reference, ours: dict | Crash) -> Outcome:
    """As judge(), of a snippet that nobody wrote: rows that tie may decide in it."""
    found = judge(case, reference.run(case), ours)
    is_value = found.kind == DIFFERENT and found.answer is not None and found.answer.error is None
    if not is_value:
        return found
    # The same elements in another order, or others?
    ordered = "result" in ours and canonical(ours["result"]) == canonical(found.answer.first)
    if reference.is_open(case, found.answer, ordered):
        return Outcome(case, OPEN, "ties decide", answer=found.answer, ours=ours)
    return found
