"""What the demo says while it works: a line a step, with the time that it took."""

from __future__ import annotations

import contextlib
import sys
import time


def say(text: str = "") -> None:
    print(text, flush=True)


@contextlib.contextmanager
def step(title: str):
    """Prints the title at once and the seconds at the end."""
    start = time.monotonic()
    print(f"  {title} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - start:.1f} s", flush=True)


def fail(text: str) -> None:
    print(f"\ndemo: {text}", file=sys.stderr, flush=True)
