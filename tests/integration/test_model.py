"""Answers by way of a model: what it says well, badly, late, or not at all."""

import json

import pytest
from model_server import Status, Streamed, snippet
from stack import Client, Ormd, token_view

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


def test_a_prompt_follows_the_rights_of_the_token_in_hand(modelled, token, model):
    """Of what a user was shown with other rights nothing is said again, neither way."""
    groups = "result = Group.objects.count()"
    root = Client(modelled, token("root"))
    lesser = Client(modelled, token("root", su=False, view=token_view(token("ann"))))
    model.says(snippet(groups))
    chat = root.new_chat()
    assert root.ask("How many groups?", chat)["status"] == "ok"
    for client, told in ((root, True), (lesser, False), (root, True), (lesser, False)):
        model.says(snippet(COUNT))
        assert client.ask("And people?", chat)["status"] == "ok"
        said = json.dumps(model.requests[-1]["messages"])
        assert ("Group (auth.Group)" in said, groups in said) == (told, told)


def test_diagnostics_go_back_and_the_snippet_is_mended(asker, model):
    model.says(snippet("result = Usr.objects.count()"), snippet(COUNT))
    answer = asker.ask(QUESTION)
    assert answer["status"] == "ok" and answer["model"]["calls"] == 2
    repair = model.requests[1]["messages"][-1]["content"]
    assert "Usr" in repair and "ORM2" in repair


def test_after_one_repair_it_is_refused(asker, model, fits):
    model.says(snippet("result = Usr.objects.count()"))
    answer = asker.ask(QUESTION)
    fits("answer", answer)
    assert len(model.requests) == 2
    assert answer["status"] == "refused" and answer["error"]["name"] == "snippet-refused"
    assert answer["diagnostics"] and answer["snippet"] and answer["generated"]


def test_words_come_as_the_model_says_them(asker, model, fits):
    said = snippet(COUNT, "All users of the site.", "Users")
    model.says(Streamed(tuple(said[n : n + 4] for n in range(0, len(said), 4)), 0.01))
    events = list(asker.stream(f"chats/{asker.new_chat()}/message", {"content": QUESTION}))
    for event in events:
        fits("event", event)
    words = [e["data"]["text"] for e in events if e["event"] == "text"]
    assert len(words) > 4 and "".join(words) == "All users of the site."
    kinds = [e["event"] for e in events]
    assert kinds.index("text") < kinds.index("snippet"), "before the snippet is compiled"
    answer = events[-1]["data"]["answer"]
    assert answer["content"] == "All users of the site."
    assert answer["model"]["prompt_tokens"] == 7 and answer["model"]["completion_tokens"] == 3


def test_words_of_a_mended_answer_are_not_added_to_the_first(asker, model):
    first, second = (
        snippet("result = Usr.objects.count()", "First."),
        snippet(COUNT, "Second."),
    )
    model.says(Streamed((first,)), Streamed((second,)))
    events = list(asker.stream(f"chats/{asker.new_chat()}/message", {"content": QUESTION}))
    assert [e["data"]["text"] for e in events if e["event"] == "text"] == ["First."]
    assert events[-1]["data"]["answer"]["content"] == "Second."


def test_what_left_is_kept_byte_for_byte(asker, model):
    from ai_assistant.models import ModelCall, QueryLog

    model.says(snippet("result = Usr.objects.count()"), snippet(COUNT))
    chat = asker.new_chat()
    asker.ask(QUESTION, chat)
    request = QueryLog.objects.get(chat_id=chat, phase="ended").request_id
    calls = ModelCall.objects.filter(request_id=request).order_by("ordinal")
    assert [(call.ordinal, call.reply, call.host) for call in calls] == [
        (1, "ok", model.base_url),
        (2, "ok", model.base_url),
    ]
    assert [json.loads(call.payload) for call in calls] == model.requests
    assert "sk-test-key" not in "".join(call.payload for call in calls)


def test_a_models_update_is_refused_too(asker, model):
    model.says(snippet("result = User.objects.update(is_staff=True)"))
    answer = asker.ask("Make everybody staff")
    assert "cannot execute UPDATE in a read-only transaction" in answer["diagnostics"][0]["message"]


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
