"""Event streams: their phases, their end, and how a client takes up one that it lost."""

import pytest
from model_server import Held, ModelServer, snippet
from stack import Client, Ormd
from test_life import connect, streamed_question

QUESTION = "How many registrations today?"
COUNT = "result = User.objects.count()"


@pytest.fixture(scope="module")
def slow_model():
    with ModelServer() as model:
        yield model


@pytest.fixture
def held(slow_model):
    """What the slow model will say."""
    answer = Held(snippet(COUNT))
    slow_model.says(answer)
    return answer


@pytest.fixture(scope="module")
def pair(site, slow_model):
    """Two servers of one site."""
    environment = {"OPENAI_BASE_URL": slow_model.base_url, "OPENAI_MODEL": "stub"}
    with Ormd(site, **environment) as one, Ormd(site, **environment) as other:
        yield one, other


@pytest.fixture
def dropped(pair, token, held):
    """The first event of a stream that its client left, while the model still thinks."""
    client = Client(pair[0], token("ann"))
    events = client.stream(f"chats/{client.new_chat()}/message", {"content": "How many people?"})
    first = next(events)
    events.close()
    assert (first["event"], first["data"]) == ("phase", {"phase": "thinking"})
    return first


def path_of(event) -> str:
    return f"messages/{event['id'].split(':')[0]}/events"


def test_events_tell_the_phases_and_end_with_the_exchange(ann, fits):
    events = list(ann.stream(f"chats/{ann.new_chat()}/message", {"content": QUESTION}))
    for event in events:
        fits("event", event)
    assert [e["event"] for e in events] == ["phase", "snippet", "phase", "result", "done"]
    exchange = events[-1]["data"]
    assert exchange["answer"]["verified"]
    question = exchange["question"]["id"]
    assert [e["id"] for e in events] == [f"{question}:{n}" for n in range(1, 6)]


@pytest.mark.parametrize("server", [0, 1], ids=["the same server", "another server"])
def test_a_stream_that_was_lost_goes_on_where_it_was(pair, token, held, dropped, fits, server):
    taken_up = Client(pair[server], token("ann")).stream(path_of(dropped), seen=dropped["id"])
    held.go.set()
    rest = list(taken_up)
    for event in rest:
        fits("event", event)
    numbers = [int(e["id"].split(":")[1]) for e in rest]
    assert numbers == list(range(2, 2 + len(rest)))
    assert "phase" in [e["event"] for e in rest]
    assert rest[-1]["event"] == "done" and rest[-1]["data"]["answer"]["status"] == "ok"


def test_after_the_end_the_events_come_from_the_store(ann, site):
    chat = ann.new_chat()
    live = list(ann.stream(f"chats/{chat}/snippet", {"snippet": "result = User.objects.all()"}))
    again = list(ann.stream(path_of(live[0]), seen=live[1]["id"]))
    assert [(e["id"], e["event"]) for e in again] == [(e["id"], e["event"]) for e in live[2:]]
    result, done = again[-2]["data"]["result"], again[-1]["data"]["answer"]["result"]
    assert live[-2]["data"]["result"]["rows"]
    assert result["rows"] is None and done["rows"] is None, "rows are fetched, not stored"
    stored = site.rows("SELECT data::text FROM ai_assistant_streamevent")
    assert "123456" not in str(stored), "a name of the site's data"


def test_events_of_another_user_do_not_exist(ann, bob):
    first = next(ann.stream(f"chats/{ann.new_chat()}/message", {"content": QUESTION}))
    assert bob.get(path_of(first)).name == "not-found"
    assert ann.get(path_of(first), **{"Last-Event-ID": "1:x"}).name == "bad-request"
    number = first["id"].split(":")[0]
    assert (
        ann.get(path_of(first), **{"Last-Event-ID": f"{int(number) + 1}:1"}).name == "bad-request"
    )


def test_a_question_that_was_cut_off_ends_its_stream(site, token, slow_model, held):
    environment = {
        "OPENAI_BASE_URL": slow_model.base_url,
        "OPENAI_MODEL": "stub",
        "ORMD_SEAT": "cut-off",
    }
    with Ormd(site, **environment) as ormd:
        client = Client(ormd, token("ann"))
        first = next(client.stream(f"chats/{client.new_chat()}/message", {"content": "How many?"}))
        ormd.kill()
    with Ormd(site, **environment) as ormd:
        rest = list(Client(ormd, token("ann")).stream(path_of(first), seen=first["id"]))
    assert [e["event"] for e in rest] == ["done"]
    assert rest[0]["data"]["answer"]["error"]["name"] == "interrupted"
    assert rest[0]["id"] == first["id"].replace(":1", ":2")


def test_a_silent_stream_says_that_it_lives(site, token, slow_model, held):
    environment = {"OPENAI_BASE_URL": slow_model.base_url, "OPENAI_MODEL": "stub"}
    with Ormd(site, "--limit", "silence_seconds=1", **environment) as ormd:
        client = Client(ormd, token("ann"))
        with connect(ormd) as listening:
            listening.sendall(streamed_question(client, client.new_chat()))
            lines = listening.makefile("rb")
            assert b": still here\n" in lines
            held.go.set()
            assert b"event: done\n" in lines
