"""Work that goes on while a test changes what is under it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from stack import PATIENCE, wait_until


class Load:
    """Threads that call `work(thread's number)` again and again while the block runs; `done` is what it gave."""

    def __init__(self, work, threads: int = 4):
        self.done: list = []
        self._work = work
        self._stop = threading.Event()
        self._threads = ThreadPoolExecutor(threads)
        self._running = [self._threads.submit(self._run, number) for number in range(threads)]

    def _run(self, number: int) -> None:
        while not self._stop.is_set():
            self.done.append(self._work(number))

    def more(self, count: int = 8) -> None:
        """Returns when so many more are done, some of them begun after the call."""
        enough = len(self.done) + count
        wait_until(lambda: len(self.done) >= enough or any(one.done() for one in self._running))

    def __enter__(self) -> Load:
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        for one in self._running:
            one.result(PATIENCE)
        self._threads.shutdown()
