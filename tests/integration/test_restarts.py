"""Two servers behind a proxy are restarted one after the other, and no question fails."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from stack import PATIENCE, Client, Ormd, wait_until

QUESTION = {"content": "How many registrations today?"}


def test_of_two_servers_each_restarts_and_no_question_fails(site, token):
    """What a proxy and a drawer do: a broken connection, or a question that is still being answered,
    is tried again at the other, with the same key."""
    # Both listen on port 0, which would make them one seat: each would end the other's questions.
    seats = [{"ORMD_SEAT": f"restarted-{at}"} for at in range(2)]
    servers = [Ormd(site, **seat).start() for seat in seats]
    ann, stop, answers = token("ann"), threading.Event(), []

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

    def ask(number: int) -> None:
        chat = chats[number]
        for asked in range(1_000_000):
            if stop.is_set():
                return
            answers.append(answered(chat, f"restart-{chat}-{asked}", number))

    def more_answers() -> None:
        enough = len(answers) + 8
        wait_until(lambda: len(answers) >= enough)

    chats = [Client(servers[0], ann).new_chat() for _ in range(4)]
    try:
        with ThreadPoolExecutor(4) as threads:
            askers = [threads.submit(ask, number) for number in range(4)]
            try:
                for at, server in enumerate(servers):
                    more_answers()
                    assert server.stop() == 0
                    servers[at] = Ormd(site, **seats[at]).start()
                more_answers()
            finally:
                stop.set()
            for asker in askers:
                asker.result(PATIENCE)
    finally:
        for server in servers:
            server.__exit__()
    assert [answer.text for answer in answers if answer.status != 200] == []
    asked = [answer.json["question"]["id"] for answer in answers]
    assert len(asked) == len(set(asked)), "each was answered as itself"
