"""The way through to ormd: what passes and what does not, with a real server behind it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import override_settings


class FakeOrmd(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = threading.Event()  # the first event has arrived

    def log_message(self, *args):
        pass

    def answer(self):
        if self.path.endswith("/events"):
            return self.events()
        length = int(self.headers.get("Content-Length") or 0)
        body = json.dumps(
            {
                "method": self.command,
                "path": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": self.rfile.read(length).decode(),
            }
        ).encode()
        self.send_response(418)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "evil=1")
        self.send_header("X-Request-Id", "r1")
        self.end_headers()
        self.wfile.write(body)
        return None

    def events(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for number in range(2):
            self.wfile.write(f"id: {number}\n\n".encode())
            self.wfile.flush()
            self.seen.wait(30)

    do_GET = do_POST = do_PATCH = do_DELETE = answer


@pytest.fixture
def ormd():
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeOrmd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    with override_settings(AI_ASSISTANT={"ORMD_URL": url, "PASS_THROUGH": True}):
        yield url
    server.shutdown()


def read(response):
    return json.loads(b"".join(response.streaming_content))


def test_method_path_query_and_body_go_through(client, ormd):
    client.cookies["sessionid"] = "secret"
    response = client.post(
        "/ai-assistant/api/chats/ä b/message?limit=3&x=%2F",
        data='{"content": "x"}',
        content_type="application/json",
        HTTP_AUTHORIZATION="Bearer t",
        HTTP_IDEMPOTENCY_KEY="i",
        HTTP_X_FORWARDED_FOR="1.2.3.4",
        HTTP_ACCEPT="text/event-stream",
    )
    assert response.status_code == 418
    found = read(response)
    assert (found["method"], found["body"]) == ("POST", '{"content": "x"}')
    assert found["path"] == "/ai-assistant/api/chats/%C3%A4%20b/message?limit=3&x=%2F"
    headers = found["headers"]
    assert (headers["authorization"], headers["idempotency-key"]) == ("Bearer t", "i")
    assert headers["accept"] == "text/event-stream"
    assert "cookie" not in headers and "x-forwarded-for" not in headers
    assert response["X-Request-Id"] == "r1" and response["Cache-Control"] == "no-store, private"
    assert "evil" not in response.cookies


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_other_methods(client, ormd, method):
    assert read(getattr(client, method)("/ai-assistant/api/chats"))["method"] == method.upper()


def test_events_come_as_they_are_sent(client, ormd):
    FakeOrmd.seen.clear()
    chunks = iter(client.get("/ai-assistant/api/events").streaming_content)
    assert next(chunks) == b"id: 0\n\n" and not FakeOrmd.seen.is_set()
    FakeOrmd.seen.set()
    assert b"".join(chunks) == b"id: 1\n\n"


@override_settings(AI_ASSISTANT={"ORMD_URL": "http://127.0.0.1:1", "PASS_THROUGH": True})
def test_no_server_is_said_so(client):
    response = client.get("/ai-assistant/api/chats")
    assert (response.status_code, response.json()["name"]) == (502, "unreachable")


@override_settings(AI_ASSISTANT={}, DEBUG=False)
def test_only_in_development_by_itself(client):
    assert client.get("/ai-assistant/api/chats").status_code == 404
