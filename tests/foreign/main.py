"""`main.py WHEEL`: a site that is not ours installs the wheel by the README's lines, and gets right answers.

Run it beside a cluster: `scripts/demo/with_cluster.py tests/foreign/main.py build/dist/django_ormc-*.whl`. It prints
the steps with their times.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "scripts" / "demo"), str(HERE)]

from client import Client, ClientError  # noqa: E402
from newcomer import PASSWORD, ROOT, USER, Failed, Newcomer  # noqa: E402
from progress import fail, say, step  # noqa: E402
from readme import steps  # noqa: E402
from services import ServiceError  # noqa: E402

LENT = "result = Book.objects.filter(state=Book.State.LENT).count()"
QUESTIONS = (
    (LENT, 14),
    ("result = Book.objects.filter(lent_to__username='member0').count()", 3),
    (
        "result = list(Member.objects.order_by('-card').values_list('card', flat=True)[:2])",
        ["5", "4"],
    ),
)
VERIFIED = f"""
from ai_assistant.models import VerifiedQuery
VerifiedQuery.objects.create(question="How many books are lent?", snippet={LENT!r})
"""


def expect(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Failed(f"{what}: {found!r} instead of {wanted!r}")


def install(newcomer: Newcomer, wheel: Path) -> float:
    start = time.monotonic()
    for one in steps(ROOT / "README.md"):
        with step(f"README {one.number}: {one.text}"):
            newcomer.do(one, wheel)
    return time.monotonic() - start


def ask(newcomer: Newcomer) -> None:
    client = Client(newcomer.url)
    client.log_in(USER, PASSWORD)
    client.take_token()
    chat = client.new_chat()
    for snippet, wanted in QUESTIONS:
        expect(snippet, client.ask(chat, snippet)["result"]["value"], wanted)
    newcomer.manage("shell", "--command", VERIFIED)
    answer = client.ask(chat, "How many books are lent?")
    expect("a question in words", (answer["verified"], answer["result"]["value"]), (True, 14))
    elsewhere = client.ask(chat, "result = Visit.objects.count()")
    expect("a model of the other database", elsewhere["status"], "refused")


def main(wheel: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="ormc-foreign-") as folder:
        newcomer = Newcomer(Path(folder))
        try:
            with step("a site of its own: custom user, custom admin, second database"):
                newcomer.make_site()
            seconds = install(newcomer, wheel)
            with step("questions, through the admin's own address"):
                ask(newcomer)
            with step("ai_assistant_doctor"):
                newcomer.manage("ai_assistant_doctor")
            with step("ai_assistant_smoke"):
                newcomer.manage("ai_assistant_smoke")
            with step("the site's own tests, without ormd"):
                newcomer.manage("test", "--verbosity=0")
            with step("the wheel's commands"):
                expect("ormc", "Usage" in newcomer.run("ormc", "--help"), True)
                expect("ormd", "ormd:" in newcomer.run("ormd", "--help"), True)
        except (ClientError, Failed, ServiceError) as error:
            fail(str(error))
            return 1
        finally:
            newcomer.stop()
    say(f"From `pip install` to the admin with an answer: {seconds / 60:.1f} minutes")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]).resolve()))
