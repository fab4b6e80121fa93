"""Django's part of `make bench`: CPU time to build a snippet's querysets and compile them to SQL.

    django_side.py          answers each line of standard input with a line

A line is a case, {"snippet", "now", "tz"}; the answer has nanoseconds of CPU time, "cold" for the
first compilation of a process and "warm" for the median of later ones, or "without" for a snippet
that is no Python or sends no statement (and why). There is no database: the snippet runs as it is, ends such as
`count()` and `first()` too, up to where Django would hand its first statement over. Python's own
compilation of the text is not in them, in Django's favour; it is "python".
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
import traceback
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BATCH_NS = 8_000_000
BATCHES = 5
PYTHON_ROUNDS = 50
VERSION = 150000  # of the PostgreSQL that is not there


class Reached(BaseException):
    """Django has its statement. No `except Exception` of a snippet's may stop it."""


def set_up() -> None:
    sys.path[:0] = [
        str(ROOT / folder) for folder in ("tests/oracle", "django_app/example", "django_app")
    ]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
    import django

    django.setup()
    from django.core.exceptions import EmptyResultSet
    from django.db import connection
    from django.db.models.sql.compiler import MULTI, SQLCompiler

    def execute_sql(self, result_type=MULTI, *_, **__):
        try:
            sql, _ = self.as_sql()
        except EmptyResultSet:  # no row can match: Django asks nobody
            return iter([]) if result_type == MULTI else None
        raise Reached(sql)

    SQLCompiler.execute_sql = execute_sql
    connection.pg_version = VERSION


def batch(code, names: dict, rounds: int) -> int:
    from django.db.models import QuerySet
    from encode import encode

    start = time.process_time_ns()
    for _ in range(rounds):
        try:
            exec(code, names)
            result = names["result"]
            if isinstance(result, QuerySet):
                len(result)
            else:
                encode(result)
        except Reached:
            continue
        raise LookupError("no statement")
    return time.process_time_ns() - start


def measure(case: dict) -> dict:
    import scope
    from clock import frozen
    from reference import answer_of

    try:
        code = compile(answer_of(case["snippet"]), "snippet", "exec")
    except SyntaxError as error:
        return {"without": f"SyntaxError: {error}"}
    names = scope.names()
    with frozen(case["now"], case["tz"]):
        try:
            cold = batch(code, names, 1)
        except Exception as error:
            return {"without": f"{type(error).__name__}: {error}"[:200]}
        rounds, spent = 1, 0
        while spent < BATCH_NS:
            rounds *= 2
            spent = batch(code, names, rounds)
        warm = statistics.median(batch(code, names, rounds) / rounds for _ in range(BATCHES))
    return {"cold": cold, "warm": warm, "python": python(case["snippet"])}


def python(text: str) -> float:
    start = time.process_time_ns()
    for _ in range(PYTHON_ROUNDS):
        compile(text, "snippet", "exec")
    return (time.process_time_ns() - start) / PYTHON_ROUNDS


def answer(case: dict) -> None:
    """In a process of its own, in which nothing has been compiled yet."""
    child = os.fork()
    if child == 0:
        try:
            print(json.dumps(measure(case)), flush=True)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        print('{"without": "a crash"}', flush=True)


def main() -> None:
    warnings.simplefilter("ignore", RuntimeWarning)  # naive datetimes: some cases are about them
    set_up()
    # What both sides need is there before the first fork.
    import clock  # noqa: F401
    import encode  # noqa: F401
    import reference  # noqa: F401
    import scope  # noqa: F401

    for line in sys.stdin:
        answer(json.loads(line))


if __name__ == "__main__":
    main()
