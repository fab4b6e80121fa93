"""Asks `ormd` the questions of questions.py over HTTP, as a superuser's drawer would, and compares with Django."""

import contextlib
import time
from dataclasses import dataclass

from .. import tokens
from . import process
from .questions import Question

API = "/ai-assistant/api"


@dataclass(frozen=True)
class Answer:
    question: Question
    why: str
    """Why it is wrong, or nothing."""
    seconds: float


class Refused(Exception):
    """What ormd says instead of an answer."""


class Drawer:
    def __init__(self, url, user):
        self.url = url
        self.headers = {"Authorization": f"Bearer {tokens.make(user)}", "Accept": "application/json"}

    def call(self, method, path, body=None):
        status, said = process.call(method, self.url, API + path, body, **self.headers)
        if status >= 300:
            raise Refused(f"{said['title']} ({said['code']})" if isinstance(said, dict) else f"HTTP {status}")
        return said

    @contextlib.contextmanager
    def chat(self):
        number = self.call("POST", "/chats", {"title": "ai_assistant_smoke"})["id"]
        try:
            yield number
        finally:
            self.call("DELETE", f"/chats/{number}")

    def paste(self, chat, snippet):
        answer = self.call("POST", f"/chats/{chat}/snippet", {"snippet": snippet})["answer"]
        if answer["status"] == "ok":
            return answer["result"]["value"]
        said = answer["diagnostics"][0] if answer["diagnostics"] else answer["error"]
        raise Refused(f"{said['message']} ({said['code']})")


def ask_all(url, user, questions):
    drawer = Drawer(url, user)
    with drawer.chat() as chat:
        for question in questions:
            start = time.monotonic()
            why = compare(drawer, chat, question)
            yield Answer(question, why, time.monotonic() - start)


def compare(drawer, chat, question):
    try:
        found = drawer.paste(chat, question.snippet)
    except Refused as error:
        return str(error)
    expected = question.expected()
    return "" if found == expected else f"ormd says {found!r}, Django {expected!r}"
