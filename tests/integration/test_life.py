"""The server's life and its limits: kill and restart, graceful stop, slow and oversized requests."""

import contextlib
import json
import socket
import threading
import time

import pytest
from model_server import ModelServer, Silence, snippet
from stack import API, Client, Ormd

QUESTION = "How many people are registered?"


def connect(ormd):
    host, port = ormd.address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=30)


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


def swallow(work):
    with contextlib.suppress(Exception):  # the server was killed under it
        work()


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def log_of(site, chat):
    return site.rows(
        f"SELECT phase, state FROM ai_assistant_querylog WHERE chat_id = {chat} ORDER BY id"
    )


def test_a_killed_server_leaves_a_trace_that_the_next_one_closes(site, token, own_model):
    environment = {"OPENAI_BASE_URL": own_model.base_url, "ORMD_SEAT": "seat-of-this-test"}
    own_model.says(Silence())
    with Ormd(site, **environment) as ormd:
        client = Client(ormd, token("ann"))
        chat = client.new_chat()
        asking(client, chat)
        wait_until(lambda: log_of(site, chat) and own_model.requests)
        assert log_of(site, chat) == [["accepted", "running"]]
        ormd.kill()
    with Ormd(site, ORMD_SEAT="seat-of-another"):
        time.sleep(0.5)
        assert log_of(site, chat) == [["accepted", "running"]]
    with Ormd(site, **environment) as ormd:
        wait_until(lambda: len(log_of(site, chat)) == 2)
        assert log_of(site, chat)[1] == ["ended", "interrupted"]
        answer = Client(ormd, token("ann")).get(f"chats/{chat}").json["messages"][-1]
        assert (answer["status"], answer["error"]["name"]) == ("error", "interrupted")


def test_a_stop_finishes_what_was_accepted(site, token, own_model):
    own_model.says(Silence(1.5))
    with Ormd(site, OPENAI_BASE_URL=own_model.base_url) as ormd:
        client = Client(ormd, token("ann"))
        chat = client.new_chat()
        asking(client, chat)
        wait_until(lambda: own_model.requests)
        ormd.terminate()
        with pytest.raises(OSError):
            for _ in range(100):
                connect(ormd).close()
                time.sleep(0.02)
        assert ormd.process.wait(20) == 0
        assert ormd.events("stopped")[0]["drained"] is True
    assert [row[0] for row in log_of(site, chat)] == ["accepted", "ended"]


def test_a_client_that_leaves_stops_nothing(site, token, own_model):
    own_model.says(snippet("result = User.objects.count()"))
    with Ormd(site, OPENAI_BASE_URL=own_model.base_url) as ormd:
        client = Client(ormd, token("ann"))
        chat = client.new_chat()
        body = json.dumps({"content": QUESTION}).encode()
        head = (
            f"POST {API}/chats/{chat}/message HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.token}\r\n"
            f"Accept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with connect(ormd) as gone:
            gone.sendall(head.encode() + body)
            gone.recv(1)
        wait_until(lambda: len(log_of(site, chat)) == 2)
        assert log_of(site, chat)[1] == ["ended", "answered"]


def test_slow_requests_end_and_hold_nobody_up(ormd, ann):
    slow = [connect(ormd) for _ in range(20)]
    for client in slow:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
    started = time.monotonic()
    assert ann.get("chats").status == 200
    assert time.monotonic() - started < 8, "before any of the slow ones is given up"
    dripping = slow[0]
    dripping.settimeout(1)
    answer = b""
    while time.monotonic() - started < 60 and not answer:
        try:
            dripping.sendall(b"X-A: b\r\n")
            answer = dripping.recv(100)
        except TimeoutError:
            continue
        except OSError:
            break
    assert 8 < time.monotonic() - started < 60, "the deadline is absolute: drops do not move it"
    for client in slow:
        client.close()


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
    from ai_assistant.models import AIConfig

    config = AIConfig.load()
    config.enabled = False
    config.save()
    try:
        answer = ann.post(f"chats/{ann.new_chat()}/message", {"content": QUESTION})
        assert (answer.status, answer.name) == (503, "disabled")
    finally:
        config.enabled = True
        config.save()


def test_metrics_and_log_hold_no_secrets(site, ormd, ann):
    ann.ask("How many registrations today?")
    host, port = ormd.metrics.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=10) as client:
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
