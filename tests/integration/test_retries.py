"""`Idempotency-Key`: a question that is sent again is not asked again."""

from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest
from model_server import Held, ModelServer, snippet
from stack import PATIENCE, Client, Ormd

QUESTION = {"content": "How many registrations today?"}


def keyed(client, chat, body, key, call="message", **headers):
    return client.post(f"chats/{chat}/{call}", body, **{"Idempotency-Key": key, **headers})


def questions_of(client, chat):
    return [m for m in client.get(f"chats/{chat}").json["messages"] if m["role"] == "user"]


def test_the_same_request_is_answered_from_the_store(ann, fits, site):
    chat = ann.new_chat()
    body = {"snippet": "result = User.objects.all()"}
    first = keyed(ann, chat, body, "again-1", "snippet")
    again = keyed(ann, chat, body, "again-1", "snippet")
    assert first.status == again.status == 200
    fits("exchange", again.json)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    expected = first.json
    expected["answer"]["result"]["rows"] = None
    assert again.json == expected
    assert len(questions_of(ann, chat)) == 1
    logged = site.rows(f"SELECT count(*) FROM ai_assistant_querylog WHERE chat_id = {chat}")
    assert logged == [["2"]], "accepted and ended, once"


def test_the_same_request_as_a_stream_ends_with_the_exchange(ann):
    chat = ann.new_chat()
    first = keyed(ann, chat, QUESTION, "again-2").json
    events = list(ann.stream(f"chats/{chat}/message", QUESTION, **{"Idempotency-Key": "again-2"}))
    assert events[-1]["event"] == "done" and events[-1]["data"] == first


@pytest.mark.parametrize("other", ["body", "chat", "call"])
def test_another_request_with_the_same_key_is_refused(ann, other):
    chat, key = ann.new_chat(), f"other-{other}"
    assert keyed(ann, chat, {"content": "User.objects.count()"}, key).status == 200
    if other == "body":
        refused = keyed(ann, chat, QUESTION, key)
    elif other == "chat":
        refused = keyed(ann, ann.new_chat(), {"content": "User.objects.count()"}, key)
    else:
        refused = keyed(ann, chat, {"snippet": "User.objects.count()"}, key, "snippet")
    assert (refused.status, refused.name) == (422, "idempotency-key-reused")


def test_keys_are_each_users_own(ann, bob):
    assert keyed(ann, ann.new_chat(), QUESTION, "shared").status == 200
    bobs = keyed(bob, bob.new_chat(), {"content": "User.objects.count()"}, "shared")
    assert bobs.status == 200 and "Idempotency-Replayed" not in bobs.headers


@pytest.mark.parametrize("key", ["with space", "ü", "x" * 201])
def test_a_malformed_key_is_refused(ann, key):
    assert keyed(ann, ann.new_chat(), QUESTION, key.encode()).name == "bad-request"


def test_a_refused_request_leaves_its_key_free(ann):
    gone = ann.new_chat()
    ann.call("DELETE", f"chats/{gone}")
    assert keyed(ann, gone, QUESTION, "free").status == 404
    assert keyed(ann, ann.new_chat(), QUESTION, "free").status == 200


def test_a_key_is_forgotten_after_a_day(ann, site):
    chat = ann.new_chat()
    keyed(ann, chat, QUESTION, "old")
    site.rows(
        "UPDATE ai_assistant_idempotencykey SET created_at = now() - interval '25 hours'"
        " WHERE key = 'old'"
    )
    assert "Idempotency-Replayed" not in keyed(ann, chat, QUESTION, "old").headers
    assert len(questions_of(ann, chat)) == 2


def test_of_many_at_once_on_two_servers_one_runs(site, token):
    """And while it runs, the others are told so."""
    with ModelServer() as model:
        held = Held(snippet("result = User.objects.count()"))
        model.says(held)
        environment = {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "stub"}
        with Ormd(site, **environment) as one, Ormd(site, **environment) as other:
            clients = [Client(server, token("ann")) for server in (one, other)]
            chat, body = clients[0].new_chat(), {"content": "How many people are there?"}
            with ThreadPoolExecutor(8) as threads:
                sent = [
                    threads.submit(keyed, client, chat, body, f"rush-{chat}")
                    for client in clients * 4
                ]
                refused = [answer.result() for answer in islice(as_completed(sent, PATIENCE), 7)]
                held.go.set()
                winner = next(a.result() for a in sent if a.result() not in refused)
            assert [answer.status for answer in refused] == [409] * 7
            assert {answer.name for answer in refused} == {"idempotency-in-flight"}
            assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
            assert winner.status == 200
            assert len(model.requests) == 1 and len(questions_of(clients[0], chat)) == 1
            assert (
                keyed(clients[1], chat, body, f"rush-{chat}").json["question"]
                == winner.json["question"]
            )
