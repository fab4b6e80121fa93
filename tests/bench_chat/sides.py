"""The two servers of the comparison, each with `users` users and a chat of each."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "integration"))

from load import Caller
from stack import API, Client, Ormd, Site

PACKAGE = ROOT / ".venv-bench-chat" / "bin"
DATABASE = "package"
APPLICATION = "django.core.wsgi:get_wsgi_application()"
ROWS = 2_000
LIMITS = {"questions_per_minute": 1_000_000, "user_questions_at_once": 10_000}
OPEN = ("questions_at_once=20000", "connections=20000")


@dataclass
class Side:
    name: str
    pid: int
    callers: list[Caller]
    first_row: tuple[bytes, dict[str, str]]
    """The words that come with the first row, and the headers that the drawer asks with."""


def populate(users: int) -> None:
    """Of both sites' Django."""
    from django.contrib.auth.models import User

    User.objects.bulk_create(
        User(
            username=f"person-{n}", email=f"{n}@example.com", is_staff=n < users, is_superuser=True
        )
        for n in range(ROWS)
    )


def prepare_ours(site: Site, users: int) -> None:
    populate(users)
    from ai_assistant.models import AIConfig

    AIConfig(limits=LIMITS).save()


@contextlib.contextmanager
def ours(site: Site, users: int, base_url: str, *limits: str) -> Iterator[Side]:
    import jwt
    from ai_assistant import tokens
    from django.contrib.auth.models import User

    arguments = [word for limit in (*OPEN, *limits) for word in ("--limit", limit)]
    with Ormd(site, *arguments, OPENAI_BASE_URL=base_url, OPENAI_MODEL="stub") as ormd:
        port = int(ormd.address.rsplit(":", 1)[1])
        callers = []
        for user in User.objects.filter(is_staff=True).order_by("id")[:users]:
            claims = tokens.claims(user, int(time.time()))
            claims["exp"] += 3_600
            token = jwt.encode(claims, site.token_key, algorithm="HS256", headers={"kid": "k1"})
            path = f"{API}/chats/{Client(ormd, token).new_chat()}/message"
            callers.append(Caller(port, path, {"Authorization": f"Bearer {token}"}))
        streamed = (b"event: result", {"Accept": "text/event-stream"})
        yield Side("ormd", ormd.process.pid, callers, streamed)


class Package:
    """The published package's site: package_site under gunicorn."""

    def __init__(self, site: Site):
        self.site = site
        self.environment = {
            **os.environ,
            **site.cluster.environment(DATABASE),
            "DJANGO_SETTINGS_MODULE": "package_site.settings",
            "PYTHONPATH": str(Path(__file__).parent),
            "SECRET_KEY": secrets.token_hex(32),
        }

    def prepare(self, users: int) -> list[dict]:
        """Sessions and chats: package_site/prepare.py makes them."""
        self.site.cluster.ensure_database(DATABASE)
        command = [str(PACKAGE / "python"), "-m", "package_site.prepare", str(users), str(ROWS)]
        made = subprocess.run(
            command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return json.loads(made.stdout)

    @contextlib.contextmanager
    def running(self, users: list[dict], base_url: str, log) -> Iterator[Side]:
        from cluster import free_port

        port = free_port()
        workers = ("--worker-class=gthread", "--workers=2", "--threads=8", "--keep-alive=75")
        process = subprocess.Popen(
            [str(PACKAGE / "gunicorn"), *workers, f"--bind=127.0.0.1:{port}", APPLICATION],
            env={**self.environment, "MODEL_URL": base_url},
            stderr=log,
        )
        try:
            _answers(port)
            yield Side(
                "package", process.pid, [_caller(port, u) for u in users], (b'"username"', {})
            )
        finally:
            process.terminate()
            process.wait(30)


def _caller(port: int, user: dict) -> Caller:
    csrf = "x" * 32
    headers = {
        "Cookie": f"sessionid={user['session']}; csrftoken={csrf}",
        "X-CSRFToken": csrf,
    }
    return Caller(port, f"/ai-assistant/api/chats/{user['chat']}/message", headers)


def _answers(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/admin/login/")
            connection.getresponse().read()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
