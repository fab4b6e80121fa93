"""Answers without a model: verified queries, near ones, pasted snippets, refusals, pages, and their log rows."""

import pytest
from stack import Client, token_view

QUESTION = "How many registrations today?"


def log_of(site, chat):
    columns = "phase, state, source, error_code, snippet IS NOT NULL, request_id"
    return site.rows(
        f"SELECT {columns} FROM ai_assistant_querylog WHERE chat_id = {chat} ORDER BY id"
    )


def test_a_verified_query_answers(ann, fits, site):
    from django.contrib.auth.models import User

    chat = ann.new_chat()
    exchange = ann.post(f"chats/{chat}/message", {"content": QUESTION}).json
    fits("exchange", exchange)
    answer = exchange["answer"]
    assert answer["status"] == "ok" and answer["verified"] and not answer["generated"]
    assert answer["result"]["kind"] == "number"
    assert answer["result"]["value"] == User.objects.count()
    assert answer["content"] == "Users who joined today."
    assert "SELECT" in answer["sql"][0]["sql"]
    assert [t["label"] for t in answer["tables"]] == ["auth.User"]
    assert answer["permissions"] == ["auth.view_user"]
    assert exchange["chat"]["title"] == QUESTION


@pytest.mark.parametrize(
    "text", ["how many  REGISTRATIONS today", "“How many registrations today”?!"]
)
def test_case_spaces_and_punctuation_do_not_matter(ann, text):
    assert ann.ask(text)["verified"]


def test_typed_slots_are_filled(ann):
    answer = ann.ask("How many users joined since 2020-01-01?")
    assert answer["verified"] and answer["result"]["value"] > 0
    assert "date(2020, 1, 1)" in answer["snippet"]
    assert not ann.ask("How many users joined since 2020-13-01?")["verified"]


def test_a_near_question_is_offered_and_not_run(ann, fits, site):
    chat = ann.new_chat()
    answer = ann.ask("How many registrations yesterday?", chat)
    fits("answer", answer)
    assert answer["status"] == "suggest"
    assert answer["suggestions"][0] == QUESTION
    assert answer["snippet"] is None and answer["result"] is None and answer["sql"] == []
    assert [row[:2] for row in log_of(site, chat)] == [
        ["accepted", "running"],
        ["ended", "clarify"],
    ]


def test_without_a_model_and_nothing_near_it_says_what_to_do(ann, fits):
    answer = ann.ask("zzz qqq xxx")
    fits("answer", answer)
    assert answer["status"] == "error"
    assert (answer["error"]["name"], answer["error"]["whose_move"]) == ("no-model", "admin")
    assert "Settings" in answer["error"]["hint"]


def test_a_verified_query_over_a_hidden_model_does_not_exist(ann, ormd, token):
    """ann may view users and not groups; a superuser may view both."""
    question = "How many groups are there?"
    mine, unknown = ann.ask(question), ann.ask("How many gruops are there?")
    assert question not in mine["suggestions"] + unknown["suggestions"]
    assert mine["status"] == unknown["status"]
    assert Client(ormd, token("root")).ask(question)["verified"]
    offered = [s["question"] for s in ann.get("suggestions").json["suggestions"]]
    assert QUESTION in offered and question not in offered


def test_a_pasted_snippet_answers(ann, fits):
    from django.contrib.auth.models import User

    answer = ann.paste("result = User.objects.count()")
    fits("answer", answer)
    assert (answer["status"], answer["source"]) == ("ok", "snippet")
    assert answer["result"]["value"] == User.objects.count()
    assert ann.ask("User.objects.count()")["source"] == "snippet"


def test_a_hidden_model_is_an_unknown_one(ann):
    hidden, unknown = (
        ann.paste("result = Group.objects.count()"),
        ann.paste("result = Gruop.objects.count()"),
    )
    assert hidden["status"] == unknown["status"] == "refused"
    assert hidden["diagnostics"][0]["code"] == unknown["diagnostics"][0]["code"]
    assert hidden["diagnostics"][0]["message"] == unknown["diagnostics"][0]["message"].replace(
        "Gruop", "Group"
    )


@pytest.mark.parametrize("as_message", [False, True])
def test_an_update_is_refused_in_postgresqls_words(ann, site, fits, as_message):
    chat = ann.new_chat()
    snippet = 'User.objects.filter(username="ann").update(is_superuser=True)'
    answer = ann.ask(snippet, chat) if as_message else ann.paste(snippet, chat)
    fits("answer", answer)
    assert answer["status"] == "refused" and answer["error"]["name"] == "snippet-refused"
    assert "cannot execute UPDATE in a read-only transaction" in answer["diagnostics"][0]["message"]
    assert "cannot execute UPDATE in a read-only transaction" in answer["content"]
    accepted, ended = log_of(site, chat)
    assert (ended[1], ended[3]) == ("refused", "ORM758")
    assert accepted[5] == ended[5]


def test_an_error_that_depends_on_data_is_an_error(ann):
    answer = ann.paste('result = User.objects.get(username="nobody").email')
    assert answer["status"] == "error"
    assert (answer["error"]["code"], answer["error"]["name"]) == ("ORM601", "does-not-exist")


def test_the_history_keeps_answers_and_no_rows(ann, fits):
    chat = ann.new_chat()
    number, table = (
        ann.paste("result = User.objects.count()", chat),
        ann.paste("result = User.objects.all()", chat),
    )
    assert table["result"]["kind"] == "table" and table["result"]["rows"]
    history = ann.get(f"chats/{chat}").json
    fits("history", history)
    assert [m["role"] for m in history["messages"]] == ["user", "assistant"] * 2
    assert history["messages"][1] == number
    table["result"]["rows"] = None
    assert history["messages"][3] == table


def test_pages_are_the_stored_program_again(ann, site, fits):
    chat = ann.new_chat()
    answer = ann.paste('result = User.objects.order_by("id").values("id", "username")', chat)
    rows = answer["result"]["rows"]
    page = ann.get(f"messages/{answer['id']}/rows?offset=1&limit=1")
    assert page.status == 200, page.text
    fits("page", page.json)
    assert page.json["result"]["rows"] == rows[1:2]
    assert page.json["result"]["next_offset"] == 2
    assert [row[2] for row in log_of(site, chat)][-1] == "page"


def test_what_has_no_table_has_no_pages(ann):
    number = ann.paste("result = User.objects.count()")["id"]
    assert ann.get(f"messages/{number}/rows").name == "not-pageable"
    near = ann.ask("How many registrations yesterday?")["id"]
    assert ann.get(f"messages/{near}/rows").name == "not-pageable"


def test_a_page_has_the_rights_of_the_token_in_hand(ormd, token):
    root = Client(ormd, token("root"))
    message = root.paste("result = Group.objects.all()")["id"]
    lesser = Client(ormd, token("root", su=False, view=token_view(token("ann"))))
    assert lesser.get(f"messages/{message}/rows").name == "not-pageable"


def test_explain_runs_nothing(ann, fits, site):
    before = site.rows("SELECT count(*) FROM ai_assistant_querylog")
    good = ann.post("explain", {"snippet": "result = User.objects.filter(id=5).count()"}).json
    fits("explanation", good)
    assert good["ok"] and "SELECT" in good["sql"][0]["sql"]
    bad = ann.post("explain", {"snippet": "result = Usr.objects.count()"}).json
    fits("explanation", bad)
    assert not bad["ok"] and bad["diagnostics"]
    assert site.rows("SELECT count(*) FROM ai_assistant_querylog") == before


def test_suggestions_have_their_shape(ann, fits):
    fits("suggestions", ann.get("suggestions").json)


def test_the_log_can_only_be_inserted_into(site):
    import psycopg

    with psycopg.connect(site.dsn("ormc_store"), autocommit=True) as connection:
        for statement in (
            "UPDATE ai_assistant_querylog SET question = ''",
            "DELETE FROM ai_assistant_querylog",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
