"""R22: a request has one meaning or none. A victim's chat stands behind each: a request smuggled in a
body would delete it."""

import socket

import pytest
from stack import API, PATIENCE


def smuggled(chat: str, token: str) -> bytes:
    return (
        f"DELETE {API}/chats/{chat} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    ).encode()


def exchange(ormd, data: bytes) -> bytes:
    """All that the server says to it until it closes; no more is sent."""
    host, port = ormd.address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


# The second request is in the body, by one reading of the length.
FRAMINGS = {
    "both lengths": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "both, the other way": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 9999\r\n\r\n",
    "a list of lengths": b"Content-Length: 0, 9999\r\n\r\n",
    "a signed length": b"Content-Length: +0\r\n\r\n",
    "a negative length": b"Content-Length: -1\r\n\r\n",
    "a hexadecimal length": b"Content-Length: 0x0\r\n\r\n",
    "a length without end": b"Content-Length: 99999999999999999999999\r\n\r\n",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked is not the last": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded line": b"Content-Length: 0\r\n\tX: y\r\nTransfer-Encoding:\r\n chunked, x\r\n\r\n",
    "a chunk of no size": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n0\r\n\r\n",
    "a negative chunk": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n0\r\n\r\n",
    "a chunk that overflows": b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n\r\n",
    "bare line feeds": b"Content-Length: 0\nX: y\n\n",
    "a lone carriage return": b"Content-Length: 0\rX: y\r\n\r\n",
    "a NUL in a name": b"Content\x00-Length: 0\r\n\r\n",
    "a length with an underscore": b"Content_Length: 0\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("framing", FRAMINGS)
def test_a_body_smuggles_no_request(ormd, ann, framing):
    chat = ann.new_chat()
    head = f"POST {API}/chats HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ann.token}\r\n".encode()
    first, *more = statuses(exchange(ormd, head + FRAMINGS[framing] + smuggled(chat, ann.token)))
    assert ann.get(f"chats/{chat}").status == 200, "the smuggled request was read"
    assert 400 <= first < 500 and not more


def test_requests_that_are_honestly_in_a_row_are_each_answered(ormd, ann):
    """What the tests above would see if a smuggled one were read."""
    chat = ann.new_chat()
    asked = (
        f"GET {API}/chats HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ann.token}\r\n\r\n".encode()
    )
    assert statuses(exchange(ormd, asked + smuggled(chat, ann.token))) == [200, 204]
    assert ann.get(f"chats/{chat}").status == 404


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.example/",
        "*",
        "evil.example:443",
        "//evil.example",
        "/%zz",
        "/\x7f",
        "/a b",
        "",
    ],
)
def test_a_target_is_a_path(ormd, target):
    (status,) = statuses(exchange(ormd, f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode()))
    assert status in (400, 404)


@pytest.mark.parametrize(
    "path",
    ["/ai-assistant/api/../api/chats", "/ai-assistant//api/chats", "/ai-assistant/api/chats/",
     "/AI-ASSISTANT/api/chats", "/ai-assistant/api/chats/1%2f2", "/ai-assistant/api/chats/%00"],
)  # fmt: skip
def test_a_path_is_taken_as_it_stands(ann, path):
    assert ann.get(path).status == 404


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000,
        b'{"content": "\xff\xfe"}',
        b'{"content": "\\ud800"}',
        b'{"content": "a\\u0000b"}',
        b'{"content": 1}',
        b'{"content": {"$ne": ""}}',
        b'\xef\xbb\xbf{"content": "x"}',
        b'{"content": "x"} {"content": "y"}',
    ],
    ids=lambda body: body[:24].decode("latin-1"),
)
def test_a_malformed_body_is_the_senders_fault(ann, body):
    answer = ann.call("POST", f"chats/{ann.new_chat()}/message", raw=body)
    assert (answer.status, answer.name) == (400, "bad-request")


def test_what_is_asked_makes_no_lines_in_the_log(ormd, ann):
    forged = 'x\r\n{"event":"forged","level":"critical"}\n\x1b[2J'
    ann.ask(forged)
    ann.get("chats/1", **{"Last-Event-ID": "1:1", "User-Agent": '"}{"event":"forged"'})
    assert not ormd.events("forged")
    assert "\x1b" not in ormd.logged()
