"""Limits by name: their table, the rate that servers share, and how much is worked on at a time."""

import contextlib
import os
import subprocess
import threading
import time

import pytest
from model_server import ModelServer, Slow, snippet
from stack import ORMD, ROOT, Client, Ormd

LIMITS = ROOT / "docs" / "contract" / "limits.md"


def run(*arguments):
    environment = {
        "ORMD_READER_DSN": "host=127.0.0.1",
        "ORMD_STORE_DSN": "host=127.0.0.1",
        "ORMC_SECRET": "s",
        "ORMC_TOKEN_KEY": "k" * 40,
        "PATH": os.environ["PATH"],
    }
    return subprocess.run(
        [ORMD, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=20
    )


@contextlib.contextmanager
def site_limits(**limits):
    from ai_assistant.models import AIConfig

    config = AIConfig.load()
    before, config.limits = config.limits, {**config.limits, **limits}
    config.save()
    try:
        yield
    finally:
        config.limits = before
        config.save()


@pytest.fixture
def eager(token):
    from django.contrib.auth.models import User

    User.objects.get_or_create(username="eager", defaults={"is_staff": True})
    return token("eager")


def test_the_table_of_the_document_is_the_programs():
    done = run("--help-config")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("| limit | default |")
    assert done.stdout in LIMITS.read_text()


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("no_such=1", "no limit `no_such`"),
        ("questions_at_once=0", "from 1 to 100000"),
        ("questions_at_once=many", "from 1 to 100000"),
        ("questions_at_once", "from 1 to 100000"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(limit, said):
    done = run("--limit", limit)
    assert done.returncode == 2 and said in done.stderr


def test_the_rate_is_counted_for_all_servers_together(site, eager):
    with site_limits(questions_per_minute=4), Ormd(site) as one, Ormd(site) as other:
        clients = [Client(server, eager) for server in (one, other)]
        chat = clients[0].new_chat()
        if time.time() % 60 > 50:
            time.sleep(61 - time.time() % 60)  # all within one minute
        sent = [clients[n % 2].post(f"chats/{chat}/message", {"content": "zz"}) for n in range(6)]
    assert [answer.status for answer in sent] == [200] * 4 + [429] * 2
    assert sent[-1].name == "too-many-questions" and 0 < int(sent[-1].headers["Retry-After"]) <= 60


def test_a_site_sets_its_limits_within_their_bounds(site, ormd, eager):
    client = Client(ormd, eager)
    chat = client.new_chat()
    with site_limits(questions_per_minute=10**12, user_questions_at_once=0):
        assert client.post(f"chats/{chat}/message", {"content": "zz"}).status in (200, 429)
    with site_limits(message_bytes=1):  # the operator's, not the site's
        assert client.post(f"chats/{chat}/message", {"content": "zz"}).status in (200, 429)


@pytest.mark.parametrize("limit", ["user_questions_at_once=1", "questions_at_once=1"])
def test_who_is_over_the_limit_is_told_to_come_again(site, token, limit):
    with ModelServer() as model:
        model.says(Slow(2, snippet("result = User.objects.count()")))
        environment = {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "stub"}
        with Ormd(site, "--limit", limit, **environment) as ormd:
            ann, bob = (Client(ormd, token(name)) for name in ("ann", "bob"))
            first = threading.Thread(target=lambda: ann.ask("How many people are there?"))
            first.start()
            while not model.requests:
                time.sleep(0.02)
            quick = {"snippet": "result = User.objects.count()"}
            refused = ann.post(f"chats/{ann.new_chat()}/snippet", quick)
            assert (refused.status, refused.name) == (503, "overloaded")
            assert int(refused.headers["Retry-After"]) > 0
            others = bob.post(f"chats/{bob.new_chat()}/snippet", quick)
            assert others.status == (200 if limit.startswith("user") else 503)
            first.join(20)
            assert ann.post(f"chats/{ann.new_chat()}/snippet", quick).status == 200
