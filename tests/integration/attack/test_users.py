"""R8, promise 4: what is another's reads as what does not exist, by every call, byte for byte."""

import pytest

CALLS = [
    ("GET", "chats/{chat}", None),
    ("PATCH", "chats/{chat}", {"title": "taken"}),
    ("DELETE", "chats/{chat}", None),
    ("POST", "chats/{chat}/message", {"content": "How many registrations today?"}),
    ("POST", "chats/{chat}/snippet", {"snippet": "result = User.objects.count()"}),
    ("GET", "messages/{answer}/rows", None),
    ("GET", "messages/{answer}/export", None),
    ("GET", "messages/{question}/events", None),
]
NOBODYS = {"chat": "999999999", "answer": "999999999", "question": "999999999"}


def told(answer):
    document = answer.json
    document.pop("request_id")
    headers = {
        k: v for k, v in answer.headers.items() if k not in ("X-Request-Id", "Content-Length")
    }
    return answer.status, document, headers


@pytest.fixture
def anns(ann):
    made = ann.post(f"chats/{ann.new_chat()}/snippet", {"snippet": "result = User.objects.all()"})
    exchange = made.json
    return {
        "chat": exchange["chat"]["id"],
        "answer": exchange["answer"]["id"],
        "question": exchange["question"]["id"],
    }


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_anothers_is_nobodys(ann, bob, anns, method, path, body):
    before = ann.get(f"chats/{anns['chat']}").json
    others = bob.call(method, path.format(**anns), body)
    assert others.status == 404
    assert told(others) == told(bob.call(method, path.format(**NOBODYS), body))
    assert ann.get(f"chats/{anns['chat']}").json == before


def test_a_superuser_reads_no_chat_of_another_here(ormd, token, anns):
    """They read the log, in the admin."""
    from stack import Client

    assert Client(ormd, token("root")).get(f"chats/{anns['chat']}").status == 404


def test_lists_hold_ones_own(ann, bob, anns):
    shown = [chat["id"] for chat in bob.get("chats?limit=100").json["chats"]]
    assert anns["chat"] not in shown
