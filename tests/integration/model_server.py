"""A scripted language model: an OpenAI-compatible server that says what a test told it to.

Used in a test:            with ModelServer() as model: model.says("...", Status(429), Silence())
On the command line:       model_server.py --port 9000 --script answers.json
`answers.json` is a list of texts, or an object {"words in the question": text or list of texts}. A list is said in
order, its last text again and again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True)
class Status:
    """An HTTP error of the provider."""

    code: int
    body: str = '{"error": {"message": "secret words of the provider"}}'
    retry_after: str = ""


@dataclass(frozen=True)
class Silence:
    """No answer for a while."""

    seconds: float = 60


@dataclass(frozen=True)
class Streamed:
    """Server-sent events: the pieces as deltas, with pauses; `end` is how it ends."""

    pieces: tuple[str, ...]
    pause: float = 0
    end: str = "done"  # "cut": the connection closes in the middle


@dataclass(frozen=True)
class Endless:
    """A body that never ends, dripped."""


@dataclass
class Flood:
    """A body of many megabytes, of which `sent` are taken: in chunks, or of a length that is said."""

    kind: str  # of its content
    piece: bytes
    megabytes: int = 200
    chunked: bool = True
    sent: int = 0


@dataclass(frozen=True)
class Cut:
    """A body that is shorter than it says."""


@dataclass(frozen=True)
class Held:
    """An answer when the test sets `go`."""

    text: str
    go: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Parting:
    """An answer after which the connection ends, though nothing in it says so."""

    text: str


@dataclass(frozen=True)
class Raw:
    """A body with status 200 that no client should trust."""

    body: bytes


def snippet(code: str, words: str = "What was asked.", title: str = "A question") -> str:
    """The form that the system prompt asks for."""
    return f"Title: {title}\n{words}\n```python\n{code}\n```\n"


class ModelServer:
    def __init__(self, port: int = 0, tls=None):
        self._scheme = "https" if tls else "http"
        self.requests: list[dict] = []
        self.headers: list[dict] = []
        self.connections = 0
        self._answers: list = []
        self._by_words: dict = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)

    @property
    def base_url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}/v1"

    def says(self, *answers) -> None:
        """What comes next; the last answer is repeated."""
        with self._lock:
            self._answers = list(answers)
            self.requests.clear()
            self.headers.clear()

    def answers_questions(self, by_words: dict) -> None:
        with self._lock:
            self._by_words = {
                key: value if isinstance(value, list) else [value]
                for key, value in by_words.items()
            }

    def _next(self, request: dict):
        with self._lock:
            self.requests.append(request)
            asked = [m["content"] for m in request["messages"] if m["role"] == "user"]
            for words, answers in self._by_words.items():
                if any(words.lower() in text.lower() for text in asked):
                    return answers.pop(0) if len(answers) > 1 else answers[0]
            if not self._answers:
                return Status(500)
            return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def _handler(self):
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                with model._lock:
                    model.connections += 1

            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                request = json.loads(self.rfile.read(length))
                model.headers.append(dict(self.headers))
                answer = model._next(request)
                if self.path != "/v1/chat/completions":
                    answer = Status(404)
                if isinstance(answer, Held):
                    answer.go.wait()
                    answer = answer.text
                if isinstance(answer, Parting):
                    self.close_connection = True
                    answer = answer.text
                if isinstance(answer, Silence):
                    model._stopped.wait(answer.seconds)
                    self.close_connection = True
                elif isinstance(answer, Status):
                    self._send(answer.code, answer.body.encode(), answer.retry_after)
                elif isinstance(answer, Streamed):
                    self._stream(answer)
                elif isinstance(answer, Endless):
                    self._begin("application/json", {"Transfer-Encoding": "chunked"})
                    with contextlib.suppress(OSError):
                        while not model._stopped.wait(0.05):
                            self._chunk(b" " * 16)
                elif isinstance(answer, Flood):
                    self._flood(answer)
                elif isinstance(answer, Cut):
                    self._begin("application/json", {"Content-Length": "1000"})
                    self.wfile.write(b'{"choices": [')
                    self.close_connection = True
                elif isinstance(answer, Raw):
                    self._send(200, answer.body)
                else:
                    self._send(200, json.dumps(completion(request, answer)).encode())

            def _begin(self, content_type: str, headers: dict) -> None:
                self.send_response(200)
                self.send_header("Content-Type", content_type)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def _chunk(self, data: bytes) -> None:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                self.wfile.flush()

            def _stream(self, answer: Streamed) -> None:
                self._begin("text/event-stream", {"Transfer-Encoding": "chunked"})
                for piece in answer.pieces:
                    delta = {"choices": [{"index": 0, "delta": {"content": piece}}]}
                    self._chunk(f"data: {json.dumps(delta)}\n\n".encode())
                    model._stopped.wait(answer.pause)
                if answer.end == "cut":
                    self.close_connection = True
                    return
                usage = {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}
                self._chunk(f"data: {json.dumps(usage)}\n\ndata: [DONE]\n\n".encode())
                self._chunk(b"")

            def _flood(self, answer: Flood) -> None:
                size = f"{answer.megabytes << 20}"
                self._begin(
                    answer.kind,
                    {"Transfer-Encoding": "chunked"}
                    if answer.chunked
                    else {"Content-Length": size},
                )
                megabyte = answer.piece * ((1 << 20) // len(answer.piece))
                self.close_connection = True
                with contextlib.suppress(OSError):
                    while answer.sent < answer.megabytes:
                        self._chunk(megabyte) if answer.chunked else self.wfile.write(megabyte)
                        answer.sent += 1

            def _send(self, status: int, body: bytes, retry_after: str = "") -> None:
                self.send_response(status)
                if retry_after:
                    self.send_header("Retry-After", retry_after)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler

    def serve_forever(self) -> None:
        self._server.serve_forever()

    def __enter__(self) -> ModelServer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()


def completion(request: dict, text: str) -> dict:
    words = sum(len(re.findall(r"\S+", m["content"])) for m in request["messages"])
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": request.get("model", ""),
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        ],
        "usage": {
            "prompt_tokens": words,
            "completion_tokens": len(text.split()),
            "total_tokens": words,
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--script", type=Path, required=True)
    arguments = parser.parse_args()
    model = ModelServer(arguments.port)
    script = json.loads(arguments.script.read_text())
    if isinstance(script, dict):
        model.answers_questions(script)
    else:
        model.says(*script)
    print(f"serving {model.base_url}", flush=True)
    model.serve_forever()


if __name__ == "__main__":
    main()
