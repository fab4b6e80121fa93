"""A real stack for the tests: a PostgreSQL cluster of its own, the migrated example site, ormd's two roles, ormd."""

from __future__ import annotations

import base64
import contextlib
import http.client
import io
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [
    str(ROOT / "scripts" / "demo"),
    str(ROOT / "django_app"),
    str(ROOT / "django_app" / "example"),
]

from cluster import Cluster
from example import database_environment

ORMD = Path(os.environ.get("ORMD", ROOT / "build" / "bin" / "ormd"))
API = "/ai-assistant/api"
DATABASE = "ormd_test"
SANITIZED = bool({"ASAN_OPTIONS", "TSAN_OPTIONS"} & set(os.environ))
# Seconds for anything that must come: on a busy machine, or under a sanitizer, it comes late. No test measures by it.
PATIENCE = 120


def wait_until(condition, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextlib.contextmanager
def configured(**values) -> Iterator[None]:
    """With other values in AI Assistant -> Settings."""
    from ai_assistant.models import AIConfig

    config = AIConfig.load()
    before = {name: getattr(config, name) for name in values}

    def save(values: dict) -> None:
        for name, value in values.items():
            setattr(config, name, value)
        config.save()

    save(values)
    try:
        yield
    finally:
        save(before)


class Site:
    """The example site and its database."""

    def __init__(self):
        self.cluster = Cluster(Path(tempfile.mkdtemp(prefix="ormd-test-")) / "home")
        self.secret = secrets.token_hex(32)
        self.token_key = secrets.token_hex(32)
        self.passwords = {"ormc_reader": secrets.token_hex(8), "ormc_store": secrets.token_hex(8)}

    def start(self) -> None:
        self.cluster.start()
        self.cluster.ensure_database(DATABASE)
        for role, password in self.passwords.items():
            self.cluster.ensure_role(role, password)
        os.environ.update(database_environment(self.cluster, DATABASE))
        os.environ.update(
            DJANGO_SETTINGS_MODULE="example_site.settings",
            ORMC_SECRET=self.secret,
            ORMC_TOKEN_KEY=self.token_key,
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        said = io.StringIO()
        call_command("ormc_manifest", "--publish", stdout=said)
        call_command("ormc_grants", "--apply", stdout=said, stderr=said)

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Without its database, which comes back as it was."""
        from django.db import connections

        connections.close_all()
        self.cluster.stop()
        try:
            yield
        finally:
            self.cluster.start()

    def remove(self) -> None:
        from django.db import connections

        connections.close_all()
        self.cluster.remove()
        self.cluster.home.parent.rmdir()

    def dsn(self, role: str) -> str:
        return f"host=127.0.0.1 port={self.cluster.port} dbname={DATABASE} user={role} password={self.passwords[role]}"

    def rows(self, sql: str) -> list[list[str]]:
        """As the cluster's owner."""
        text = self.cluster.sql(sql, DATABASE)
        return [line.split("|") for line in text.splitlines()]


class Ormd:
    """One process of the server."""

    def __init__(self, site: Site, *arguments: str, **environment: str):
        self.site = site
        self.arguments = arguments
        self.environment = environment
        self.address = ""
        self.metrics = ""
        self.log = Path(tempfile.mkdtemp(prefix="ormd-")) / "log"
        self.process: subprocess.Popen | None = None

    def start(self) -> Ormd:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "ORMD_"))}
        environment = {
            **clean,
            "ORMD_READER_DSN": self.site.dsn("ormc_reader"),
            "ORMD_STORE_DSN": self.site.dsn("ormc_store"),
            **self.environment,
        }
        command = [
            str(ORMD),
            "--listen",
            "127.0.0.1:0",
            "--metrics-listen",
            "127.0.0.1:0",
            *self.arguments,
        ]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, env=environment, stderr=log)
        wait_until(lambda: self.process.poll() is not None or self.events("started"))
        assert self.process.poll() is None, self.logged()
        (started,) = self.events("started")
        self.address, self.metrics = started["listen"], started["metrics"]
        return self

    def logged(self) -> str:
        return self.log.read_text()

    def events(self, name: str) -> list[dict]:
        whole = [line for line in self.logged().splitlines(keepends=True) if line.endswith("}\n")]
        return [event for event in map(json.loads, whole) if event["event"] == name]

    def most_memory(self) -> int:
        """Kilobytes at the most until now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.terminate()
        return self.process.wait(PATIENCE)

    def __enter__(self) -> Ormd:
        return self.start()

    def __exit__(self, *_) -> None:
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.log.parent)


def token_view(token: str) -> str:
    """What the token says that its user may view."""
    claims = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=="))["view"]


def parsed_events(lines: Iterable[bytes]) -> Iterator[dict]:
    event: dict = {}
    for line in lines:
        text = line.decode().rstrip("\n")
        if not text:
            if event:
                yield event
            event = {}
        elif not text.startswith(":"):
            name, value = text.split(": ", 1)
            event[name] = json.loads(value) if name == "data" else value


def read_events(connection, response) -> Iterator[dict]:
    try:
        yield from parsed_events(response)
    finally:
        response.close()
        connection.close()


@dataclass
class Answer:
    status: int
    headers: dict
    text: str

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def name(self) -> str:
        """Of a problem document."""
        return self.json["name"]


@dataclass
class Client:
    """What the drawer does, with one user's token."""

    ormd: Ormd
    token: str | None
    headers: dict = field(default_factory=dict)

    def call(
        self, method: str, path: str, body=None, raw: bytes | None = None, **headers: str
    ) -> Answer:
        connection = http.client.HTTPConnection(self.ormd.address, timeout=PATIENCE)
        sent = {"Content-Type": "application/json", **self.headers, **headers}
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        payload = raw if raw is not None else None if body is None else json.dumps(body).encode()
        connection.request(method, path if path.startswith("/") else f"{API}/{path}", payload, sent)
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.headers), response.read().decode())
        connection.close()
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)

    def stream(self, path: str, body=None, seen: str = "", **headers: str) -> Iterator[dict]:
        """The events of a question, or of its stream taken up again, as they come; `close()` it to leave.
        The server has begun it when this returns."""
        connection = http.client.HTTPConnection(self.ormd.address, timeout=PATIENCE)
        sent = {"Accept": "text/event-stream", "Authorization": f"Bearer {self.token}", **headers}
        if seen:
            sent["Last-Event-ID"] = seen
        method, payload = "GET", None
        if body is not None:
            sent["Content-Type"] = "application/json"
            method, payload = "POST", json.dumps(body).encode()
        connection.request(method, f"{API}/{path}", payload, sent)
        response = connection.getresponse()
        assert response.status == 200, response.read()
        return read_events(connection, response)

    def new_chat(self) -> str:
        return self.post("chats", {}).json["id"]

    def ask(self, text: str, chat: str | None = None) -> dict:
        """The answer's MESSAGE."""
        answer = self.post(f"chats/{chat or self.new_chat()}/message", {"content": text})
        assert answer.status == 200, answer.text
        return answer.json["answer"]

    def paste(self, snippet: str, chat: str | None = None) -> dict:
        answer = self.post(f"chats/{chat or self.new_chat()}/snippet", {"snippet": snippet})
        assert answer.status == 200, answer.text
        return answer.json["answer"]
