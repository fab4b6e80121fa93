"""Limits by name: their table, the rate that servers share, and how much is worked on at a time."""

import contextlib
import os
import secrets
import subprocess
import threading

import pytest
from model_server import Held, ModelServer, snippet
from stack import ORMD, PATIENCE, ROOT, Client, Ormd, configured, wait_until

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
        [ORMD, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@contextlib.contextmanager
def site_limits(**limits):
    from ai_assistant.models import AIConfig

    with configured(limits={**AIConfig.load().limits, **limits}):
        yield


@pytest.fixture
def eager(site):
    """A user who has asked nothing yet."""
    from django.contrib.auth.models import User

    return User.objects.create_user(f"eager-{secrets.token_hex(4)}", is_staff=True)


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


def test_the_rate_is_counted_for_all_servers_together(site, token, eager):
    sent = []
    with site_limits(questions_per_minute=4), Ormd(site) as one, Ormd(site) as other:
        clients = [Client(server, token(eager.username)) for server in (one, other)]
        chat = clients[0].new_chat()

        def refused():
            client = clients[len(sent) % 2]
            sent.append(client.post(f"chats/{chat}/message", {"content": "zz"}))
            return sent[-1].status != 200

        wait_until(refused)
    assert (sent[-1].status, sent[-1].name) == (429, "too-many-questions")
    assert 0 < int(sent[-1].headers["Retry-After"]) <= 60
    # The minute may have ended between two of them.
    counts = site.rows(
        f"SELECT count FROM ai_assistant_ratewindow WHERE user_id = '{eager.pk}' ORDER BY 1"
    )
    assert sum(int(count) for (count,) in counts) == len(sent)
    assert counts[-1] == ["5"]


def test_a_site_sets_its_limits_within_their_bounds(ormd, token, eager):
    client = Client(ormd, token(eager.username))
    chat = client.new_chat()
    with site_limits(questions_per_minute=10**12, user_questions_at_once=0):
        assert client.post(f"chats/{chat}/message", {"content": "zz"}).status in (200, 429)
    with site_limits(message_bytes=1):  # the operator's, not the site's
        assert client.post(f"chats/{chat}/message", {"content": "zz"}).status in (200, 429)


@pytest.mark.parametrize("limit", ["user_questions_at_once=1", "questions_at_once=1"])
def test_who_is_over_the_limit_is_told_to_come_again(site, token, limit):
    with ModelServer() as model:
        held = Held(snippet("result = User.objects.count()"))
        model.says(held)
        environment = {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "stub"}
        with Ormd(site, "--limit", limit, **environment) as ormd:
            ann, bob = (Client(ormd, token(name)) for name in ("ann", "bob"))
            first = threading.Thread(target=lambda: ann.ask("How many people are there?"))
            first.start()
            wait_until(lambda: model.requests)
            quick = {"snippet": "result = User.objects.count()"}
            refused = ann.post(f"chats/{ann.new_chat()}/snippet", quick)
            assert (refused.status, refused.name) == (503, "overloaded")
            assert int(refused.headers["Retry-After"]) > 0
            others = bob.post(f"chats/{bob.new_chat()}/snippet", quick)
            assert others.status == (200 if limit.startswith("user") else 503)
            held.go.set()
            first.join(PATIENCE)
            assert ann.post(f"chats/{ann.new_chat()}/snippet", quick).status == 200
