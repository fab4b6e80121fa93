"""What is refused before it costs or tells anything: pasting, costly plans, a log that cannot be written."""

import pytest
from model_server import ModelServer, snippet
from stack import Client, Ormd

COUNT = {"snippet": "result = User.objects.count()"}


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
