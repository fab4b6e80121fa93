"""Whether an answer is the one that its case expects, and holds nothing that it should not."""

from __future__ import annotations

import json

from corpus import Case

ATTACKERS = "zqx"  # in every text of a case that must not come into SQL


def code_of(answer: dict) -> str:
    if "crash" in answer:
        return "crash"
    if "error" in answer:
        return answer["error"]["code"]
    errors = [d for d in answer.get("diagnostics", []) if d.get("severity", "error") == "error"]
    return errors[0]["code"] if errors else "ok"


def leaks(answer: dict, secrets: set[str]) -> str | None:
    """What of the answer should not be there."""
    for query in answer.get("queries", []):
        if ATTACKERS in query["sql"]:
            return f"the attacker's text in SQL: {query['sql']}"
    shown = json.dumps(answer.get("result"), ensure_ascii=False)
    found = next((secret for secret in secrets if secret in shown), None)
    return f"a secret value in the answer: {found}" if found else None


def why_red(case: Case, answer: dict, secrets: set[str]) -> str | None:
    if leak := leaks(answer, secrets):
        return leak
    seen = code_of(answer)
    if seen == case.expected:
        return None
    return f"{seen} in place of {case.expected}: {json.dumps(answer, ensure_ascii=False)[:600]}"
