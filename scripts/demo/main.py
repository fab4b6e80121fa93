"""`make demo`: from a fresh clone to answered questions, and a site to try; `check` compares.

Uses nothing but Python's standard library, since it runs before anything is installed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from client import Client, ClientError
from cluster import ClusterError
from example import ROOT, STAFF_USER, ExampleError
from progress import fail, say, step
from questions import QUESTIONS, agrees, ask, expected, show
from services import ServiceError
from stack import Stack

HOME = ROOT / ".demo"
EXPECTED_FAILURES = (ClientError, ClusterError, ExampleError, ServiceError)


def announce(check: bool) -> None:
    built = (ROOT / "build" / "bin" / "ormd").exists()
    say("ormc demo. It will")
    say("  1. install what is missing: Debian packages, .venv, npm packages, the ANTLR tool")
    say("  2. build ormc and ormd into build/bin")
    say("  3. start a PostgreSQL cluster of its own in .demo, with the example site's data")
    say("  4. start ormd and Django on free ports of this machine")
    say("  5. ask three questions as a member of staff" + (", and compare with Django" * check))
    say("It takes a few seconds." if built else "It takes 5 to 15 minutes this first time.")
    say()


def make(target: str) -> None:
    """Runs a target of the Makefile with its output shown: the long part has its own progress."""
    done = subprocess.run(
        ["make", "--no-print-directory", "-C", str(ROOT), target],
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode != 0:
        raise ServiceError(f"make {target} failed")


def ask_all(stack: Stack, check: bool) -> bool:
    client = Client(stack.site_url)
    client.log_in(STAFF_USER, stack.example.secrets.staff)
    client.take_token()
    chat = client.new_chat()
    wanted = expected(stack.example) if check else {}
    agreed = True
    for question in QUESTIONS:
        answer, seconds = ask(client, chat, question)
        show(question, answer, seconds)
        if check:
            agreed &= agrees(answer, wanted[question.name])
        say()
    return agreed


def stay(stack: Stack) -> None:
    say(f"The admin: {stack.site_url}/admin/")
    say(f"  user {STAFF_USER}, password {stack.example.secrets.staff}")
    say(f"  logs in {HOME.relative_to(ROOT)}/")
    say("Ctrl-C stops everything.")
    while True:
        time.sleep(1)
        stopped = stack.stopped_service()
        if stopped is not None:
            raise ServiceError(f"{stopped.name} stopped: see {stopped.log}")


def main(mode: str) -> int:
    check = mode == "check"
    # A terminal that closes, or `kill`, must stop the parts as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    announce(check)
    stack = Stack(HOME)
    start = time.monotonic()
    try:
        make("build")
        stack.start(step)
        say()
        agreed = ask_all(stack, check)
        say(f"{len(QUESTIONS)} questions, {time.monotonic() - start:.0f} s from the start")
        if check:
            say("All answers are Django's." if agreed else "An answer differs from Django's.")
            return 0 if agreed else 1
        stay(stack)
    except KeyboardInterrupt:
        say("\nStopping.")
    except EXPECTED_FAILURES as error:
        fail(str(error))
        return 1
    finally:
        stack.stop()
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["check"]):
        sys.exit("usage: main.py [check]")
    os.chdir(ROOT)
    sys.exit(main("".join(sys.argv[1:])))
