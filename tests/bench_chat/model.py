"""The scripted model of both sides: OpenAI-compatible, of a latency that its address names.

    model.py        prints its port; http://127.0.0.1:PORT/500/v1 answers after 500 ms

It knows the calls by words of their prompts: the package asks it three or four times a question.
"""

from __future__ import annotations

import asyncio
import json

ANSWER = """Title: Newest people
The newest people.
```python
result = User.objects.order_by("-id").values("id", "username", "email", "date_joined")[:50]
```
"""
ROUTED = {"label": "DATA_QUERY", "confidence": 0.9, "candidate_models": ["auth.User"]}
CALLS = (  # words of the package's prompts
    (b"intent router", json.dumps(ROUTED)),
    (b"chat title", "Newest people"),
    (b"analytics summarizer", "These are the newest people."),
)


def reply(text: str, stream: bool) -> bytes:
    if stream:
        delta = {"choices": [{"index": 0, "delta": {"content": text}}]}
        usage = {"choices": [], "usage": {"prompt_tokens": 900, "completion_tokens": 40}}
        events = (json.dumps(delta), json.dumps(usage), "[DONE]")
        body, kind = "".join(f"data: {event}\n\n" for event in events), "text/event-stream"
    else:
        message = {"role": "assistant", "content": text}
        body, kind = json.dumps({"choices": [{"index": 0, "message": message}]}), "application/json"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()


REPLIES = [
    (words, reply(text, False), reply(text, True)) for words, text in (*CALLS, (b"", ANSWER))
]


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            await asyncio.sleep(int(head.split(b"/")[1]) / 1000)
            whole, streamed = next(made for words, *made in REPLIES if words in body)
            writer.write(streamed if b'"stream":true' in body else whole)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 22, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
