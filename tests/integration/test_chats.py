"""Chats: new, list by page, history by page, rename, delete; another user's do not exist."""

import pytest
from stack import Client


@pytest.fixture
def fresh(ormd, token, site):
    """A user who has no chats yet."""
    from django.contrib.auth.models import User

    name = f"user{User.objects.count()}"
    User.objects.create_user(name, password="x", is_staff=True)
    return Client(ormd, token(name))


def test_a_chat_lives_and_dies(ann, fits):
    made = ann.post("chats", {"title": "Users"})
    assert made.status == 201
    fits("chat", made.json)
    chat = made.json["id"]
    assert made.headers["Location"].endswith(f"/chats/{chat}")
    renamed = ann.call("PATCH", f"chats/{chat}", {"title": " Ümläut 日本 "})
    assert renamed.json["title"] == "Ümläut 日本"
    history = ann.get(f"chats/{chat}")
    fits("history", history.json)
    assert history.json["messages"] == []
    gone = ann.call("DELETE", f"chats/{chat}")
    assert (gone.status, gone.text) == (204, "")
    assert ann.get(f"chats/{chat}").name == "not-found"
    assert ann.call("DELETE", f"chats/{chat}").status == 404


def test_the_list_comes_in_pages(fresh, fits):
    chats = [fresh.new_chat() for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = fresh.get("chats?limit=2" + (f"&before={cursor}" if cursor else "")).json
        fits("chats", page)
        seen += [chat["id"] for chat in page["chats"]]
        cursor = page["next_before"]
        if cursor is None:
            break
    assert seen == chats[::-1]


def test_the_history_comes_in_pages(fresh, fits):
    chat = fresh.new_chat()
    for _ in range(3):
        fresh.ask("How many registrations today?", chat)
    first = fresh.get(f"chats/{chat}?limit=4").json
    fits("history", first)
    older = fresh.get(f"chats/{chat}?limit=4&before={first['next_before']}").json
    ids = [int(m["id"]) for m in older["messages"] + first["messages"]]
    assert ids == sorted(ids) and len(ids) == 6
    assert older["next_before"] is None


def test_anothers_chat_does_not_exist(ann, bob, site):
    chat = ann.new_chat()
    message = ann.ask("How many registrations today?", chat)["id"]
    for answer in (
        bob.get(f"chats/{chat}"),
        bob.call("PATCH", f"chats/{chat}", {"title": "mine"}),
        bob.call("DELETE", f"chats/{chat}"),
        bob.post(f"chats/{chat}/message", {"content": "How many registrations today?"}),
        bob.post(f"chats/{chat}/snippet", {"snippet": "result = 1"}),
        bob.get(f"messages/{message}/rows"),
    ):
        assert (answer.status, answer.name) == (404, "not-found")
    assert ann.get(f"chats/{chat}").json["chat"]["title"] != "mine"


@pytest.mark.parametrize("chat", ["0", "-1", "x", "99999999999999999999", "1'--", "999999999"])
def test_what_is_no_chat_is_not_found(ann, chat):
    assert ann.get(f"chats/{chat}").status == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "chats/{}", {"title": ""}),
        ("PATCH", "chats/{}", {"title": 7}),
        ("PATCH", "chats/{}", {}),
        ("POST", "chats/{}/message", {"content": "  "}),
        ("POST", "chats/{}/message", {"content": "x" * 4001}),
        ("POST", "chats/{}/snippet", {"content": "result = 1"}),
        ("GET", "chats?limit=0", None),
        ("GET", "chats?limit=x", None),
        ("GET", "chats?before=x", None),
        ("GET", "chats/{}?before=x", None),
    ],
)
def test_a_malformed_request_says_what_is_wrong(ann, fits, method, path, body):
    answer = ann.call(method, path.format(ann.new_chat()), body)
    assert (answer.status, answer.name) == (400, "bad-request")
    assert "`" in answer.json["detail"]
    fits("problem", answer.json)


def test_the_title_is_the_first_stable_answers(ann):
    chat = ann.new_chat()
    ann.ask("What is the weather?", chat)
    assert ann.get(f"chats/{chat}").json["chat"]["title"] == ""
    ann.ask("How many registrations today?", chat)
    ann.ask("How many users joined since 2020-01-01?", chat)
    assert ann.get(f"chats/{chat}").json["chat"]["title"] == "How many registrations today?"
