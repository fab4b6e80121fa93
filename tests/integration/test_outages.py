"""What the server says when parts of it are taken away: connections ended, the database restarted, a client that does
not read. Each waits for what it needs to see; nothing is timed."""

import threading

import pytest
from model_server import Held, ModelServer, snippet
from stack import PATIENCE, Client, Ormd, wait_until
from test_exports import WIDE, begin_export, crowd_table, ended, status_when_free
from test_exports import crowd as crowd
from test_life import asking, log_of

COUNT = snippet("result = User.objects.count()")
GROUPS = "result = Group.objects.count()"
ROLES = "('ormc_reader', 'ormc_store')"
READER = "('ormc_reader')"


@pytest.fixture
def provider():
    with ModelServer() as running:
        yield running


@pytest.fixture
def client(site, token, provider):
    with Ormd(site, OPENAI_BASE_URL=provider.base_url, OPENAI_MODEL="stub") as running:
        yield Client(running, token("ann"))


def end_connections(site, roles=ROLES):
    """All that there are now; returns when they are gone."""
    of_roles = f"FROM pg_stat_activity WHERE usename IN {roles}"
    ended = [pid for (pid,) in site.rows(f"SELECT pid {of_roles}")]
    site.rows(f"SELECT pg_terminate_backend(pid) {of_roles}")

    def gone():
        living = {pid for (pid,) in site.rows(f"SELECT pid {of_roles}")}
        return living.isdisjoint(ended)

    wait_until(gone)


def test_connections_that_end_while_the_model_thinks_fail_no_question(site, client, provider):
    """What the question needs next is asked on new ones."""
    warm = client.new_chat()
    provider.says(COUNT)
    assert client.ask("How many people are there?", warm)["status"] == "ok"
    for n in range(3):
        held = Held(COUNT)
        provider.says(held)
        chat = client.new_chat()
        thread = asking(client, chat)
        wait_until(lambda: provider.requests)
        end_connections(site)
        held.go.set()
        thread.join(PATIENCE)
        assert log_of(site, chat)[-1] == ["ended", "answered"], n


def test_a_database_that_restarts_while_the_model_thinks_fails_no_question(site, client, provider):
    held = Held(COUNT)
    provider.says(held)
    chat = client.new_chat()
    thread = asking(client, chat)
    wait_until(lambda: provider.requests)
    with site.stopped():
        pass
    held.go.set()
    thread.join(PATIENCE)
    assert log_of(site, chat) == [["accepted", "running"], ["ended", "answered"]]


def test_a_database_that_stops_is_told_as_such(site, client):
    with site.stopped():
        refused = client.post("chats", {})
        assert (refused.status, refused.name) == (503, "store-unavailable")
    assert client.post("chats", {}).status == 201


def test_a_store_that_hangs_is_not_waited_for(site, client):
    """A statement of the store has ten seconds, on a connection that was used before and on others."""
    from django.db import connection, transaction

    assert client.post("chats", {}).status == 201
    for _ in range(2):
        with transaction.atomic():
            connection.cursor().execute("LOCK TABLE ai_assistant_chat IN ACCESS EXCLUSIVE MODE")
            refused = client.post("chats", {})
        assert (refused.status, refused.name) == (503, "store-unavailable")
    assert client.post("chats", {}).status == 201


def test_a_statement_whose_connection_ends_may_be_tried_again(site, ormd, token):
    from django.db import connection, transaction

    root, said = Client(ormd, token("root")), []
    thread = threading.Thread(target=lambda: said.append(root.paste(GROUPS)), daemon=True)
    blocked = (
        "SELECT FROM pg_stat_activity WHERE usename = 'ormc_reader' AND wait_event_type = 'Lock'"
    )
    with transaction.atomic():
        connection.cursor().execute("LOCK TABLE auth_group IN ACCESS EXCLUSIVE MODE")
        thread.start()
        wait_until(lambda: said or site.rows(f"SELECT EXISTS ({blocked})") == [["t"]])
        end_connections(site, READER)
        thread.join(PATIENCE)
    assert (said[0]["status"], said[0]["error"]["retry"]) == ("error", True)
    assert root.paste(GROUPS)["status"] == "ok"


def test_an_export_that_nobody_reads_gives_its_place_back(site, token, crowd):
    """Its rows have stopped coming too, which its thread cannot see while it waits for the client."""
    limits = ("--limit", "departure_seconds=2", "--limit", "exports_at_once=1")
    with Ormd(site, *limits) as ormd:
        client = Client(ormd, token("ann"))
        message = crowd_table(client, WIDE)
        with begin_export(client, message):
            end_connections(site, READER)
            assert ended(site, message)[1] == "failed"
        assert status_when_free(client, message) == 200


def test_a_migration_under_a_running_server_fails_no_question(site, token):
    """What was planned before the type of a column changed cannot run after it."""

    def change(type_name):
        site.rows(f"ALTER TABLE ai_assistant_aiconfig ALTER COLUMN body TYPE {type_name}")

    with Ormd(site, "--limit", "store_connections=1") as ormd:
        client = Client(ormd, token("ann"))
        people = "result = User.objects.count()"
        assert client.paste(people)["status"] == "ok"
        try:
            change("varchar")
            assert client.paste(people)["status"] == "ok"
        finally:
            change("text")
        assert client.paste(people)["status"] == "ok"
