"""What is refused before it costs or tells anything: pasting, costly plans, a log that cannot be written."""

import contextlib

import pytest
from model_server import ModelServer, snippet
from stack import Client, Ormd

COUNT = {"snippet": "result = User.objects.count()"}


@contextlib.contextmanager
def policy(**site_settings):
    """The site publishes another policy."""
    from ai_assistant import publishing
    from django.test import override_settings

    with override_settings(AI_ASSISTANT=site_settings):
        publishing.publish()
        yield
    publishing.publish()


def test_who_may_not_paste_may_still_ask(site, token):
    with ModelServer() as model:
        model.says(snippet("result = User.objects.count()"))
        with Ormd(site, OPENAI_BASE_URL=model.base_url) as ormd:
            client = Client(ormd, token("ann", perms=[]))
            chat = client.new_chat()
            for path in (f"chats/{chat}/snippet", "explain"):
                refused = client.post(path, COUNT)
                assert (refused.status, refused.name) == (403, "permission-missing")
                assert refused.json["detail"] == "ai_assistant.paste_snippet"
            assert client.ask("User.objects.count()")["source"] == "model", "words, not code"
            assert client.ask("How many registrations today?")["verified"]


def test_a_site_may_ask_for_the_permission_to_paste(site):
    from ai_assistant import tokens
    from django.contrib.auth.models import User
    from django.test import override_settings

    ann, root = User.objects.get(username="ann"), User.objects.get(username="root")
    assert "paste_snippet" in tokens.claims(ann, 0)["perms"]
    with override_settings(AI_ASSISTANT={"PASTE_PERMISSION": True}):
        assert "paste_snippet" not in tokens.claims(ann, 0)["perms"]
        assert "paste_snippet" in tokens.claims(root, 0)["perms"]


def test_without_a_log_there_is_no_answer(site, ormd, ann):
    chat = ann.new_chat()
    site.rows("REVOKE INSERT ON ai_assistant_querylog FROM ormc_store")
    try:
        refused = ann.post(f"chats/{chat}/snippet", COUNT)
        assert (refused.status, refused.name) == (503, "store-unavailable")
        assert ann.get(f"chats/{chat}").json["messages"] == []
    finally:
        site.rows("GRANT INSERT ON ai_assistant_querylog TO ormc_store")
    assert ann.post(f"chats/{chat}/snippet", COUNT).status == 200


def test_values_of_masked_fields_are_not_logged(site, ormd, ann):
    with policy(MASKED=[{"field": "auth.User.email", "how": "last4"}]):
        chat = ann.new_chat()
        ann.paste("result = User.objects.filter(email='someone@example.com').count()", chat)
        ann.ask("Who has the e-mail address someone@example.com, or email 'x y'?", chat)
        ann.ask("How many users joined since 2020-01-01?", chat)
    rows = site.rows(
        f"SELECT phase, question, coalesce(snippet, '') FROM ai_assistant_querylog"
        f" WHERE chat_id = {chat} ORDER BY id"
    )
    assert len(rows) == 6
    assert "someone" not in str(rows) and "x y" not in str(rows)
    assert rows[0][1] == "result = User.objects.filter(email='…').count()"
    assert rows[-1][1].endswith("2020-01-01?"), "no masked field, no redaction"


def test_a_rule_for_rows_shows_each_user_their_own(ann, bob):
    names = "result = list(User.objects.values_list('username', flat=True))"
    with policy(ROWS=[{"model": "auth.User", "where": "Q(pk=user.id)"}]):
        for client, name in ((ann, "ann"), (bob, "bob")):
            assert client.paste(names)["result"]["value"] == [name]
            assert client.paste("result = User.objects.count()")["result"]["value"] == 1
            page = client.paste("result = User.objects.values('username')")
            assert page["result"]["rows"] == [[name]]
    assert ann.paste("result = User.objects.count()")["result"]["value"] > 2


@pytest.mark.parametrize("cost", [1, 10_000_000])
def test_a_plan_that_costs_too_much_is_not_run(site, token, cost):
    with Ormd(site, "--limit", f"plan_cost={cost}") as ormd:
        answer = Client(ormd, token("ann")).paste("result = User.objects.count()")
        if cost > 1:
            assert answer["status"] == "ok"
        else:
            error = answer["error"]
            assert error["name"] == "statement-timeout" and "narrow" in error["hint"]
            assert "plan costs" in ormd.events("run_failed")[0]["detail"]
            assert "cost" not in str(error), "one text for all causes"
