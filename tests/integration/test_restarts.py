"""Two servers behind a proxy are restarted one after the other, and no question fails."""

import time
from itertools import count

from load import Load
from stack import PATIENCE, Client, Ormd

QUESTION = {"content": "How many registrations today?"}


def test_of_two_servers_each_restarts_and_no_question_fails(site, token):
    """What a proxy and a drawer do: a broken connection, or a question that is still being answered,
    is tried again at the other, with the same key."""
    # Both listen on port 0, which would make them one seat: each would end the other's questions.
    seats = [{"ORMD_SEAT": f"restarted-{at}"} for at in range(2)]
    servers = [Ormd(site, **seat).start() for seat in seats]
    ann, keys = token("ann"), count()

    def answered(chat: str, key: str, first: int):
        deadline = time.monotonic() + PATIENCE
        attempt = first
        while True:
            assert time.monotonic() < deadline
            client = Client(servers[attempt % 2], ann)
            attempt += 1
            try:
                told = client.post(f"chats/{chat}/message", QUESTION, **{"Idempotency-Key": key})
            except OSError:
                time.sleep(0.05)
                continue
            if told.status != 409:
                return told
            time.sleep(0.05)

    def ask(number: int):
        return answered(chats[number], f"restart-{chats[number]}-{next(keys)}", number)

    chats = [Client(servers[0], ann).new_chat() for _ in range(4)]
    try:
        with Load(ask) as load:
            for at, server in enumerate(servers):
                load.more()
                assert server.stop() == 0
                servers[at] = Ormd(site, **seats[at]).start()
            load.more()
    finally:
        for server in servers:
            server.__exit__()
    assert [answer.text for answer in load.done if answer.status != 200] == []
    asked = [answer.json["question"]["id"] for answer in load.done]
    assert len(asked) == len(set(asked)), "each was answered as itself"
