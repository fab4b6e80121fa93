"""What the server says when what it stands on changes, or floods it, while it answers."""

import contextlib
import copy
import json

import pytest
from load import Load
from model_server import Flood, ModelServer, snippet
from stack import Client, Ormd, configured, wait_until
from test_exports import crowd as crowd
from test_life import connect, log_of, streamed_question
from test_policies import policy

COUNT = snippet("result = User.objects.count()")
ADDRESS = "postal@example.com"
ADDRESS_OF = 'result = User.objects.filter(username="postal").values_list("username", "email")'
CHANGES = 6


@contextlib.contextmanager
def manifests():
    """[(fingerprint, what it calls a user's name)] of two published manifests, the site's own last."""
    from ai_assistant import manifest, publishing

    own = manifest.build()
    renamed = copy.deepcopy(own)
    (user,) = (model for model in renamed["models"] if model["label"] == "auth.User")
    (name,) = (field for field in user["fields"] if field["name"] == "username")
    name["verbose_name"] = "nickname"
    renamed["fingerprint"] = manifest.fingerprint(renamed)
    try:
        yield [
            (publishing.publish(built)[0], called)
            for built, called in ((renamed, "nickname"), (own, "username"))
        ]
    finally:
        from ai_assistant.models import Manifest

        Manifest.objects.filter(fingerprint=renamed["fingerprint"]).delete()


@pytest.fixture
def postal(site):
    """A user with an address."""
    from django.contrib.auth.models import User

    user = User.objects.create_user("postal", email=ADDRESS)
    yield user
    user.delete()


def test_a_manifest_and_a_policy_change_under_load(site, token, postal):
    """Each answer is wholly by the manifest of its token, and by the policy that its log row names."""
    from ai_assistant.models import Policy

    newest = Policy.objects.order_by("-created_at")
    with manifests() as published, Ormd(site) as ormd:
        clients = [
            (Client(ormd, token("ann", mfp=fingerprint)), called)
            for fingerprint, called in published * 2
        ]
        chats = [client.new_chat() for client, _ in clients]

        def ask(number):
            client, called = clients[number]
            return called, client.post(f"chats/{chats[number]}/snippet", {"snippet": ADDRESS_OF})

        policies = {}
        with Load(ask) as load:
            for masked in [True, False] * (CHANGES // 2):
                rules = [{"field": "auth.User.email", "how": "last4"}] if masked else []
                with policy(MASKED=rules):
                    policies[newest.first().fingerprint] = masked
                    load.more()
    assert len(policies) == 2
    logged = dict(site.rows("SELECT message_id, policy_fingerprint FROM ai_assistant_querylog"))
    for called, answer in load.done:
        assert answer.status == 200, answer.text
        exchange = answer.json
        table, message = exchange["answer"]["result"], exchange["answer"]["id"]
        assert table["columns"][0]["label"] == called
        assert (table["rows"][0][1] == ADDRESS) != policies[logged[message]]


def test_settings_change_under_load(site, token):
    """Each call to the model is by one version of the settings, and a question after a change by the new one."""
    versions = [
        {"model": name, "temperature": heat, "max_tokens": most}
        for name, heat, most in (("first", 0.125, 101), ("second", 0.25, 202))
    ]
    with ModelServer() as model, Ormd(site, OPENAI_BASE_URL=model.base_url) as ormd:
        model.says(COUNT)
        client = Client(ormd, token("ann"))
        chats = [client.new_chat() for _ in range(4)]

        def ask(number):
            return client.ask("How many people are there?", chats[number])["status"]

        def sent(request):
            return {name: request[name] for name in versions[0]}

        with configured(**versions[1]), Load(ask) as load:
            for version in versions * (CHANGES // 2):
                with configured(**version):
                    load.more()
                    assert client.ask("How many, by now?")["status"] == "ok"
                    (ours,) = (r for r in model.requests if "by now" in json.dumps(r))
                    assert sent(ours) == version
                    model.requests.remove(ours)
        assert set(load.done) == {"ok"}
        assert all(sent(request) in versions for request in model.requests)
        assert all(any(sent(r) == version for r in model.requests) for version in versions)


@pytest.mark.parametrize(
    "flood",
    [
        Flood("application/json", b'{"choices": "xx" ', chunked=False),
        Flood("application/json", b" "),
        Flood("text/event-stream", b"x"),
        Flood("text/event-stream", b'data: {"choices": [{"delta": {"content": "x"}}]}\n\n'),
    ],
    ids=["of a known length", "in chunks", "one line", "events"],
)
def test_a_model_that_says_200_megabytes_is_cut_off(site, token, flood):
    with ModelServer() as model, Ormd(site, OPENAI_BASE_URL=model.base_url) as ormd:
        client = Client(ormd, token("ann"))
        model.says(COUNT)
        assert client.ask("How many people are there?")["status"] == "ok"
        before = ormd.most_memory()
        model.says(flood)
        assert client.ask("How many people are there?")["error"]["name"] == "model-garbage"
        grown = ormd.most_memory() - before
        model.says(COUNT)
        assert client.ask("How many people are there?")["status"] == "ok"
    # `model_bytes` is one megabyte; the kernel's buffers hold a few.
    assert flood.sent < 50
    assert grown < 50_000, f"{grown} kB more"


# 100 cells of 64 kB, told twice: more than two sockets hold.
WIDE = """
from django.db.models.functions import Repeat
result = User.objects.filter(username__startswith="crowd-").annotate(
    wide=Repeat("last_name", 200)
).values("id", "wide")
"""


def test_a_reader_of_events_that_does_not_read_holds_nobody_up(site, token, crowd):
    """One worker, one connection to the store: both are free again, though nothing was taken."""
    limits = (
        "--workers",
        "1",
        "--limit",
        "store_connections=1",
        "--limit",
        "departure_seconds=600",
    )
    with Ormd(site, *limits) as ormd, connect(ormd) as slow:
        client = Client(ormd, token("ann"))
        chat = client.new_chat()
        slow.sendall(streamed_question(client, chat, WIDE))
        wait_until(lambda: len(log_of(site, chat)) == 2)
        assert log_of(site, chat)[1] == ["ended", "answered"]
        assert Client(ormd, token("bob")).ask("How many registrations today?")["status"] == "ok"
        busy = (
            "SELECT count(*) FROM pg_stat_activity WHERE usename IN ('ormc_reader', 'ormc_store')"
            " AND state <> 'idle'"
        )
        wait_until(lambda: site.rows(busy) == [["0"]])
        taken = slow.makefile("rb")
        assert b"event: done\n" in taken, "and whoever reads late is told all"
        assert len(taken.readline()) > 1 << 22
