"""The server's life and its limits: kill and restart, graceful stop, slow and oversized requests."""

import contextlib
import json
import socket
import threading
import time

import pytest
from model_server import Held, ModelServer, Silence, snippet
from stack import API, PATIENCE, Client, Ormd, configured, wait_until

QUESTION = "How many people are registered?"


def connect(ormd):
    host, port = ormd.address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def raw(ormd, data: bytes) -> bytes:
    with connect(ormd) as client:
        client.sendall(data)
        received = b""
        while chunk := client.recv(65536):
            received += chunk
            if b"\r\n\r\n" in received and b'"request_id"' in received:
                break
        return received


@pytest.fixture
def own_model():
    with ModelServer() as model:
        yield model


def asking(client, chat):
    """A question on its way, on a thread."""
    thread = threading.Thread(
        target=lambda: swallow(lambda: client.ask(QUESTION, chat)), daemon=True
    )
    thread.start()
    return thread


def streamed_question(client, chat, text=QUESTION) -> bytes:
    """The request of one, for who reads its events byte by byte."""
    body = json.dumps({"content": text}).encode()
    head = (
        f"POST {API}/chats/{chat}/message HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.token}\r\n"
        f"Accept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def swallow(work):
    with contextlib.suppress(Exception):  # the server was killed under it
        work()


def log_of(site, chat):
    return site.rows(
        f"SELECT phase, state FROM ai_assistant_querylog WHERE chat_id = {chat} ORDER BY id"
    )


def cut_off(site, token, model, seat):
    """The chat of a question that the server of this seat was killed over."""
    model.says(Silence())
    with Ormd(site, OPENAI_BASE_URL=model.base_url, ORMD_SEAT=seat) as ormd:
        client = Client(ormd, token("ann"))
        chat = client.new_chat()
        asking(client, chat)
        wait_until(lambda: log_of(site, chat) and model.requests)
        assert log_of(site, chat) == [["accepted", "running"]]
        ormd.kill()
    return chat


def test_a_killed_server_leaves_a_trace_that_the_next_one_closes(site, token, own_model):
    ours, others = (cut_off(site, token, own_model, seat) for seat in ("ours", "others"))
    with Ormd(site, ORMD_SEAT="ours") as ormd:
        wait_until(lambda: len(log_of(site, ours)) == 2)
        assert log_of(site, ours)[1] == ["ended", "interrupted"]
        answer = Client(ormd, token("ann")).get(f"chats/{ours}").json["messages"][-1]
        assert (answer["status"], answer["error"]["name"]) == ("error", "interrupted")
        # One statement closes all that it closes.
        assert log_of(site, others) == [["accepted", "running"]]


def refuses(ormd):
    try:
        connect(ormd).close()
    except OSError:
        return True
    return False


def test_a_stop_finishes_what_was_accepted(site, token, own_model):
    held = Held(snippet("result = User.objects.count()"))
    own_model.says(held)
    with Ormd(site, OPENAI_BASE_URL=own_model.base_url) as ormd:
        client = Client(ormd, token("ann"))
        chat = client.new_chat()
        asking(client, chat)
        wait_until(lambda: own_model.requests)
        ormd.terminate()
        wait_until(lambda: refuses(ormd))
        assert log_of(site, chat) == [["accepted", "running"]]
        held.go.set()
        assert ormd.process.wait(PATIENCE) == 0
        assert ormd.events("stopped")[0]["drained"] is True
    assert log_of(site, chat) == [["accepted", "running"], ["ended", "answered"]]


def test_a_client_that_leaves_stops_nothing(site, token, own_model):
    own_model.says(snippet("result = User.objects.count()"))
    with Ormd(site, OPENAI_BASE_URL=own_model.base_url) as ormd:
        client = Client(ormd, token("ann"))
        chat = client.new_chat()
        with connect(ormd) as gone:
            gone.sendall(streamed_question(client, chat))
            gone.recv(1)
        wait_until(lambda: len(log_of(site, chat)) == 2)
        assert log_of(site, chat)[1] == ["ended", "answered"]


UNFINISHED = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"


def test_slow_requests_hold_nobody_up(site, token):
    # None of them is given up before the answer's own patience is over.
    with Ormd(site, "--limit", "arrival_seconds=600") as ormd, contextlib.ExitStack() as slow:
        for _ in range(20):
            slow.enter_context(connect(ormd)).sendall(UNFINISHED)
        assert Client(ormd, token("ann")).get("chats").status == 200


def takes_a_drop(dripping) -> bool:
    try:
        dripping.sendall(b"X-A: b\r\n")
        return dripping.recv(100) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def test_a_request_that_drips_is_given_up(site):
    with Ormd(site, "--limit", "arrival_seconds=2") as ormd, connect(ormd) as dripping:
        begun = time.monotonic()
        dripping.sendall(UNFINISHED)
        dripping.settimeout(0.1)
        # Were the deadline moved by each drop, this would not end.
        wait_until(lambda: not takes_a_drop(dripping))
        assert time.monotonic() - begun > 2


def test_an_oversized_body_is_refused(ormd, ann):
    answer = ann.call("POST", "chats", raw=b'{"title": "' + b"x" * 70_000 + b'"}')
    assert (answer.status, answer.name) == (413, "body-too-large")


def test_oversized_headers_are_refused(ormd):
    answer = raw(ormd, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: " + b"x" * 20_000 + b"\r\n\r\n")
    assert b" 431 " in answer.split(b"\r\n")[0]


def test_a_header_with_an_underscore_is_refused(ann):
    assert ann.get("chats", Remote_User="root").name == "bad-request"


@pytest.mark.parametrize(
    "data", [b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"]
)
def test_what_is_not_http_is_refused(ormd, data):
    assert raw(ormd, data).split(b"\r\n")[0].startswith(b"HTTP/1.1 400")


def test_connections_are_kept(ormd):
    with connect(ormd) as client:
        for _ in range(3):
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 200")


def test_methods_and_media_types(ann, fits):
    wrong = ann.call("PUT", "chats")
    assert (wrong.status, wrong.name, wrong.headers["Allow"]) == (
        405,
        "method-not-allowed",
        "GET, POST",
    )
    form = ann.call(
        "POST", "chats", raw=b"title=x", **{"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert (form.status, form.name) == (415, "not-json")
    assert ann.get("nothing").name == "not-found"


def test_switched_off_it_answers_nothing(site, ann):
    with configured(enabled=False):
        answer = ann.post(f"chats/{ann.new_chat()}/message", {"content": QUESTION})
        assert (answer.status, answer.name) == (503, "disabled")


def test_metrics_and_log_hold_no_secrets(site, ormd, ann):
    ann.ask("How many registrations today?")
    host, port = ormd.metrics.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as client:
        client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        text = b""
        while chunk := client.recv(65536):
            text += chunk
    assert b'ormd_questions_total{source="verified",state="ok"}' in text
    logged = ormd.logged()
    for secret in (
        site.secret,
        site.token_key,
        ann.token,
        *site.passwords.values(),
        "registrations",
    ):
        assert secret not in logged and secret.encode() not in text
