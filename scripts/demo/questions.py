"""The three questions, what Django says to them, and how an answer is shown."""

from __future__ import annotations

import json
import textwrap
import time
from dataclasses import dataclass

from client import Client
from example import Example
from progress import say

# Computed in Python over all users, not by the snippets that are being checked.
DJANGO = """
import json, re
from django.contrib.auth import get_user_model
from django.utils import timezone

users = list(get_user_model().objects.select_related("profile").order_by("id"))
today = timezone.localdate()
six = [user.id for user in users if re.fullmatch("[0-9]{6}", user.username)]
with_avatar = sum(bool(hasattr(user, "profile") and user.profile.avatar) for user in users)
share = round(with_avatar * 100 / len(users), 1)
print(json.dumps({
    "today": sum(timezone.localtime(user.date_joined).date() == today for user in users),
    "six digits": {"count": len(six), "ids": six[:100]},
    "avatars": {
        "with_avatar": with_avatar,
        "without_avatar": len(users) - with_avatar,
        "with_avatar_percent": share,
        "without_avatar_percent": round(100 - share, 1),
    },
}))
"""


@dataclass(frozen=True)
class Question:
    name: str
    text: str


QUESTIONS = (
    Question("today", "How many registrations today?"),
    Question("six digits", "Users with a six-digit username?"),
    Question("avatars", "How many users with and without avatar?"),
)


def expected(example: Example) -> dict[str, object]:
    """What Django computes here and now, by question."""
    return json.loads(example.manage("shell", "--command", DJANGO).splitlines()[-1])


def ask(client: Client, chat: str, question: Question) -> tuple[dict, float]:
    start = time.monotonic()
    answer = client.ask(chat, question.text)
    return answer, time.monotonic() - start


def _indent(text: str) -> str:
    return textwrap.indent(text.rstrip(), "    ")


def _shorten(text: str, width: int = 400) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def show(question: Question, answer: dict, seconds: float) -> None:
    say(f"Question  {question.text}")
    if answer["snippet"]:
        say("Snippet")
        say(_indent(answer["snippet"]))
    for query in answer["sql"]:
        values = ", ".join(json.dumps(one["value"]) for one in query["params"])
        say("SQL")
        say(_indent(query["sql"] + (f"   -- {values}" if values else "")))
    say(f"Answer    {_shorten(json.dumps(_value(answer), ensure_ascii=False))}")
    say(f"Time      {seconds * 1000:.0f} ms, {answer['duration_ms']:.1f} ms of them in ormd")


def _value(answer: dict) -> object:
    if answer["result"] is not None:
        return answer["result"]["value"]
    return answer["error"] or answer["diagnostics"] or answer["content"]


def agrees(answer: dict, wanted: object) -> bool:
    """Whether the answer is Django's; says so where it is not."""
    if answer["status"] == "ok" and _value(answer) == wanted:
        say("Django    the same")
        return True
    say(f"Django    {_shorten(json.dumps(wanted))}   <-- DIFFERENT")
    return False
