"""Clients that ask one question after the other, each on a connection of its own."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Caller:
    """One user's way to one chat."""

    port: int
    path: str
    headers: dict[str, str]

    def request(self, **more: str) -> bytes:
        body = json.dumps({"content": "Who are the newest people?"}).encode()
        headers = {
            "Host": "127.0.0.1",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **self.headers,
            **more,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST {self.path} HTTP/1.1\r\n{lines}\r\n".encode() + body


@dataclass
class Run:
    seconds: float = 0
    times: list[float] = field(default_factory=list)
    failures: list[bytes] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        return sorted(self.times)[min(int(len(self.times) * share), len(self.times) - 1)]


class Connection:
    """HTTP/1.1, kept open as long as the server likes."""

    def __init__(self, port: int):
        self.port = port
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self.reader.readexactly(length)
        if b"connection: close" in head:
            self.close()
        return int(head[9:12]), body

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.writer = None


async def _client(caller: Caller, until: float, run: Run) -> None:
    connection, request = Connection(caller.port), caller.request()
    while (begun := time.perf_counter()) < until:
        status, body = await connection.ask(request)
        run.times.append(time.perf_counter() - begun)
        if status != 200 or b"user" not in body:
            run.failures.append(body[:300])
    connection.close()


def run(callers: list[Caller], seconds: float) -> Run:
    async def all_of_them() -> Run:
        done, begun = Run(), time.perf_counter()
        await asyncio.gather(*(_client(c, begun + seconds, done) for c in callers))
        done.seconds = time.perf_counter() - begun
        return done

    return asyncio.run(all_of_them())


async def _until(
    caller: Caller, words: bytes, **headers: str
) -> tuple[float, asyncio.StreamWriter]:
    """Seconds until the answer's body has the words; the connection is left open."""
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", caller.port)
    writer.write(caller.request(**headers))
    seen = b""
    while words not in seen:
        piece = await reader.read(1 << 16)
        if not piece:
            raise SystemExit(f"no {words!r} in {seen[-500:]!r}")
        seen += piece
    return time.perf_counter() - begun, writer


def first_row(caller: Caller, words: bytes, **headers: str) -> float:
    async def once() -> float:
        seconds, writer = await _until(caller, words, **headers)
        writer.close()
        return seconds

    return asyncio.run(once())


def hold(callers: list[Caller], measure, openers: int = 32):
    """Asks as all of them; what `measure()` says while all wait for the model."""

    async def held():
        waiting, left = [], iter(callers)

        async def opener() -> None:
            for caller in left:
                accepted = await _until(caller, b'"thinking"', Accept="text/event-stream")
                waiting.append(accepted[1])

        await asyncio.gather(*(opener() for _ in range(openers)))
        measured = measure()
        for writer in waiting:
            writer.transport.abort()
        return measured

    return asyncio.run(held())
