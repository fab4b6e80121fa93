"""Answers by way of a model: what it says well, badly, late, or not at all."""

import pytest
from model_server import Raw, Silence, Status, snippet
from stack import Client, Ormd

QUESTION = "How many people are registered?"
COUNT = "result = User.objects.count()"


def test_a_model_answers(asker, model, fits, site):
    model.says(snippet(COUNT, "All users.", "Registered people"))
    chat = asker.new_chat()
    answer = asker.ask(QUESTION, chat)
    fits("answer", answer)
    assert (answer["status"], answer["source"]) == ("ok", "model")
    assert answer["generated"] and not answer["verified"]
    assert answer["content"] == "All users."
    assert answer["model"]["name"] == "stub" and answer["model"]["calls"] == 1
    assert asker.get(f"chats/{chat}").json["chat"]["title"] == "Registered people"
    logged = site.rows(
        f"SELECT source, model, tokens_in > 0, tokens_out > 0 FROM ai_assistant_querylog"
        f" WHERE chat_id = {chat} AND phase = 'ended'"
    )
    assert logged == [["model", "stub", "t", "t"]]


def test_a_verified_query_needs_no_model(asker, model):
    model.says(Status(500))
    assert asker.ask("How many registrations today?")["verified"]
    assert model.requests == []


def test_the_prompt_holds_what_the_user_may_see_and_no_data(asker, model):
    model.says(snippet(COUNT))
    asker.ask(QUESTION)
    system = model.requests[0]["messages"][0]["content"]
    assert "User (auth.User)" in system and "username" in system
    for hidden in (
        "password",
        "Group (auth.Group)",
        "Session",
        "ai_assistant",
        "123456",
        "sk-test-key",
    ):
        assert hidden not in system
    assert model.headers[0]["Authorization"] == "Bearer sk-test-key"


def test_the_next_question_knows_the_one_before(asker, model):
    model.says(snippet(COUNT))
    chat = asker.new_chat()
    asker.ask(QUESTION, chat)
    asker.ask("And active ones?", chat)
    said = [m["content"] for m in model.requests[-1]["messages"][1:]]
    assert said[0] == QUESTION and COUNT in said[1] and said[-1] == "And active ones?"


def test_diagnostics_go_back_and_the_snippet_is_mended(asker, model):
    model.says(snippet("result = Usr.objects.count()"), snippet(COUNT))
    answer = asker.ask(QUESTION)
    assert answer["status"] == "ok" and answer["model"]["calls"] == 2
    repair = model.requests[1]["messages"][-1]["content"]
    assert "Usr" in repair and "ORM2" in repair


def test_after_two_repairs_it_is_refused(asker, model, fits):
    model.says(snippet("result = Usr.objects.count()"))
    answer = asker.ask(QUESTION)
    fits("answer", answer)
    assert len(model.requests) == 3
    assert answer["status"] == "refused" and answer["error"]["name"] == "snippet-refused"
    assert answer["diagnostics"] and answer["snippet"] and answer["generated"]


def test_a_models_update_is_refused_too(asker, model):
    model.says(snippet("result = User.objects.update(is_staff=True)"))
    answer = asker.ask("Make everybody staff")
    assert "cannot execute UPDATE in a read-only transaction" in answer["diagnostics"][0]["message"]


@pytest.mark.parametrize(
    ("said", "name", "retry"),
    [
        (Status(401), "model-key-refused", False),
        (Status(403), "model-key-refused", False),
        (Status(404), "model-misconfigured", False),
        (Status(429), "model-rate-limited", True),
        (Status(500), "model-unreachable", True),
        ("Hello, I am a model.", "model-garbage", True),
        ("```python\nresult = User.obj", "model-garbage", True),
        (Raw(b"<html>"), "model-garbage", True),
        (Raw(b'{"choices": []}'), "model-garbage", True),
        (Raw(b'{"choices": [{"message": {"content": "\xff\xfe"}}]}'), "model-garbage", True),
        (Raw(b'{"choices": "' + b"x" * (2 << 20) + b'"}'), "model-garbage", True),
        (Status(302), "model-misconfigured", False),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_failing_model_is_told_in_our_words(asker, model, fits, site, said, name, retry):
    model.says(said)
    chat = asker.new_chat()
    answer = asker.ask(QUESTION, chat)
    fits("answer", answer)
    assert answer["status"] == "error"
    assert (answer["error"]["name"], answer["error"]["retry"]) == (name, retry)
    assert "secret words" not in str(answer)
    rows = site.rows(
        f"SELECT state, error_code FROM ai_assistant_querylog WHERE chat_id = {chat} ORDER BY id"
    )
    assert rows == [["running", ""], ["failed", answer["error"]["code"]]]


def test_a_refused_parameter_is_left_out_and_remembered(asker, model):
    model.says(
        Status(400, '{"error": {"message": "Unsupported parameter: \'temperature\'"}}'),
        snippet(COUNT),
    )
    assert asker.ask(QUESTION)["status"] == "ok"
    assert ["temperature" in request for request in model.requests] == [True, False]
    model.says(snippet(COUNT))
    asker.ask(QUESTION)
    assert "temperature" not in model.requests[0]


def test_a_silent_model_times_out(site, model, token):
    from ai_assistant.models import AIConfig

    config = AIConfig.load()
    config.timeout_sec = 1
    config.save()
    try:
        environment = {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "stub"}
        with Ormd(site, **environment) as ormd:
            model.says(Silence())
            answer = Client(ormd, token("ann")).ask(QUESTION)
            assert answer["error"]["name"] == "model-timeout"
            assert 900 < answer["duration_ms"] < 4000
    finally:
        config.timeout_sec = 30
        config.save()


def test_a_model_that_cannot_is_a_refusal(asker, model):
    model.says("CANNOT: there are no prices; there are users.")
    answer = asker.ask("What is the mean price?")
    assert answer["status"] == "refused" and answer["error"]["name"] == "model-refused"
    assert answer["content"] == "there are no prices; there are users."


def test_a_model_may_ask_back(asker, model):
    model.says("CLARIFY: Which users?\n- active ones\n- all")
    answer = asker.ask("How many users?")
    assert answer["status"] == "clarify" and answer["suggestions"] == ["active ones", "all"]


def test_settings_apply_to_the_next_question(site, model, token):
    """Key and model from the signed row; the provider's address must be one that may have the key."""
    from ai_assistant.models import AIConfig

    with Ormd(site) as ormd:
        client = Client(ormd, token("ann"))
        assert client.get("settings/check").json["status"] == "no_key"
        config = AIConfig.load()
        config.set_api_key("sk-of-the-row")
        config.base_url, config.model = model.base_url, "of-the-row"
        config.save()
        try:
            model.says(snippet(COUNT))
            assert client.ask(QUESTION)["model"]["name"] == "of-the-row"
            assert model.headers[0]["Authorization"] == "Bearer sk-of-the-row"
            config.base_url = "http://192.0.2.1/v1"
            config.save()
            assert client.get("settings/check").json["status"] == "not_allowed"
            site.rows(
                "UPDATE ai_assistant_aiconfig SET body = replace(body, '192.0.2.1', '127.0.0.1')"
            )
            assert client.get("settings/check").json["status"] == "no_key"
            assert "sk-of-the-row" not in ormd.logged()
        finally:
            config.set_api_key("")
            config.base_url = "https://api.openai.com/v1"
            config.save()


@pytest.mark.parametrize(
    ("said", "status"),
    [("ok", "ok"), (Status(401), "unauthorised"), (Status(404), "model_not_found")],
)
def test_settings_can_be_checked(asker, model, fits, said, status):
    model.says(said)
    checked = asker.get("settings/check").json
    fits("settings_check", checked)
    assert (checked["status"], checked["ok"]) == (status, status == "ok")
    assert "secret words" not in str(checked)
