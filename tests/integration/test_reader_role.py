"""What the reader's role may do: with more than it should have, nothing is answered."""

import contextlib
import io
import subprocess

import pytest
from stack import DATABASE, Client, Ormd

QUESTION = {"content": "How many registrations today?"}
MEND = "manage.py ormc_grants --apply"


@contextlib.contextmanager
def changed(site, change, back):
    site.rows(change)
    try:
        yield
    finally:
        site.rows(back)


def ready(ormd):
    return Client(ormd, None).get("/readyz")


def test_versions_and_checks_are_told(ormd, site, fits):
    from ai_assistant.models import Manifest, Policy

    answer = ready(ormd)
    fits("ready", answer.json)
    assert answer.status == 200, answer.text
    assert answer.json["checks"] == {"manifest": "ok", "reader": "ok", "store": "ok"}
    versions = answer.json["versions"]
    assert versions["manifest"] == Manifest.objects.latest("created_at").fingerprint
    assert versions["policy"] == Policy.objects.latest("created_at").fingerprint
    assert versions["schema"] >= "0003" and versions["ormd"] and versions["app"]


# The change, the way back, and words of why it is unsafe.
UNSAFE = {
    "a superuser": (
        "ALTER ROLE ormc_reader SUPERUSER",
        "ALTER ROLE ormc_reader NOSUPERUSER",
        "it is a superuser",
    ),
    "past row level security": (
        "ALTER ROLE ormc_reader BYPASSRLS",
        "ALTER ROLE ormc_reader NOBYPASSRLS",
        "it passes by row level security",
    ),
    "of all data": (
        "GRANT pg_read_all_data TO ormc_reader",
        "REVOKE pg_read_all_data FROM ormc_reader",
        "it is a member of pg_read_all_data",
    ),
    "an owner": (
        "CREATE ROLE keeper; ALTER TABLE auth_group OWNER TO keeper; GRANT keeper TO ormc_reader",
        "ALTER TABLE auth_group OWNER TO CURRENT_USER; DROP ROLE keeper",
        "auth_group",
    ),
    "a reader of what is hidden": (
        "GRANT SELECT (password) ON auth_user TO ormc_reader",
        "REVOKE SELECT (password) ON auth_user FROM ormc_reader",
        '"auth_user".password',
    ),
    "a reader of the assistant's tables": (
        "GRANT SELECT ON ai_assistant_message TO ormc_reader",
        "REVOKE SELECT ON ai_assistant_message FROM ormc_reader",
        "ai_assistant_message",
    ),
}


@pytest.mark.parametrize("kind", UNSAFE)
def test_an_unsafe_role_is_not_served_with(site, token, kind):
    change, back, why = UNSAFE[kind]
    with changed(site, change, back), Ormd(site) as ormd:
        client = Client(ormd, token("ann"))
        refused = client.post(f"chats/{client.new_chat()}/message", QUESTION)
        assert (refused.status, refused.name) == (503, "reader-unsafe")
        assert MEND in refused.json["detail"]
        answer = ready(ormd)
        assert answer.status == 503 and MEND in answer.json["checks"]["reader"]
        assert "auth_" not in answer.text, "anybody may ask: the log has the names"
        logged = ormd.events("reader_role")[-1]
        assert logged["what"] == "unsafe" and why in logged["why"]


def test_nothing_is_answered_where_a_grant_is_missing(site, token):
    take = "REVOKE SELECT (name) ON auth_group FROM ormc_reader"
    give = "GRANT SELECT (name) ON auth_group TO ormc_reader"
    with changed(site, take, give), Ormd(site) as ormd:
        client = Client(ormd, token("ann"))
        refused = client.post(f"chats/{client.new_chat()}/message", QUESTION)
        assert (refused.status, refused.name) == (503, "grants-missing")
        assert MEND in refused.json["detail"]
        answer = ready(ormd)
        assert answer.status == 503 and answer.json["checks"]["reader"].startswith("grants missing")
        assert ormd.events("reader_role")[-1]["what"] == "missing"


def test_check_says_the_same_and_fails(site):
    def check(running):
        return subprocess.run(
            [running.process.args[0], "--check"],
            env={
                "ORMD_READER_DSN": site.dsn("ormc_reader"),
                "ORMD_STORE_DSN": site.dsn("ormc_store"),
                "ORMC_SECRET": site.secret,
                "ORMC_TOKEN_KEY": site.token_key,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    with Ormd(site) as running:
        good = check(running)
        with changed(site, *UNSAFE["a superuser"][:2]):
            bad = check(running)
    assert good.returncode == 0, good.stderr
    lines = good.stdout.splitlines()
    assert lines[:3] == ["manifest: ok", "reader: ok", "store: ok"]
    assert any(line.startswith("version of schema: 0004") for line in lines)
    assert bad.returncode == 1 and MEND in bad.stdout and DATABASE not in bad.stdout


def test_a_hardened_database_answers(site, token):
    from django.core.management import call_command

    call_command("ormc_grants", "--harden", "--apply", stdout=io.StringIO())
    with Ormd(site) as ormd:
        assert ready(ormd).status == 200, ormd.logged()
        assert Client(ormd, token("ann")).ask("How many registrations today?")["verified"]
