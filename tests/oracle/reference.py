"""Runs a snippet in Django itself: twice, with ties broken in opposite ways (ties.py)."""

from __future__ import annotations

import ast
import contextlib
import signal
from dataclasses import dataclass, field

from django.db import connection, transaction

import scope
import ties
from cases import Case
from clock import frozen
from compare import canonical
from encode import encode

SECONDS = 10
ANY_ORDERS = 8


@dataclass
class Answer:
    """Either `error` (Django's class name, with its message) or the two encoded values."""

    first: object = None
    second: object = None
    error: str | None = None
    message: str = ""
    queries: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return self.error is not None or is_empty(self.first)


def is_empty(value) -> bool:
    """Nothing came of it: none of the data, at any depth, was hit."""
    if isinstance(value, dict):
        return all(is_empty(item) for item in value.values())
    if isinstance(value, list):
        return all(is_empty(item) for item in value)
    return value in (None, "", 0, False, "0", "0.00", "0.0")


class Timeout(Exception):
    pass


@contextlib.contextmanager
def deadline(seconds: int):
    def stop(*_):
        raise Timeout(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def read_only():
    """A transaction that cannot write and is rolled back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        try:
            yield
        finally:
            transaction.set_rollback(True)


def answer_of(snippet: str) -> ast.Module:
    """The snippet's tree; a last expression is the answer where nothing assigns `result`."""
    tree = ast.parse(snippet)
    assigned = any(
        isinstance(node, ast.Name) and node.id == "result" and isinstance(node.ctx, ast.Store)
        for node in ast.walk(tree)
    )
    if not assigned and tree.body and isinstance(tree.body[-1], ast.Expr):
        last = tree.body[-1]
        target = ast.Name(id="result", ctx=ast.Store())
        tree.body[-1] = ast.copy_location(ast.Assign(targets=[target], value=last.value), last)
        ast.fix_missing_locations(tree)
    return tree


class Reference:
    def __init__(self):
        self.names = scope.names()

    def _once(self, case: Case, direction: str, queries: list[str]):
        def record(execute, sql, params, many, context):
            queries.append(f"{sql}  -- {params!r}" if params else sql)
            return execute(sql, params, many, context)

        names = dict(self.names)
        tree = answer_of(case.snippet)
        with (
            deadline(SECONDS),
            frozen(case.now, case.tz),
            read_only(),
            ties.broken(direction),
            connection.execute_wrapper(record),
        ):
            exec(compile(tree, case.id, "exec"), names)
            return encode(self.accept(names["result"]))

    def accept(self, value):
        """A chance to look at the value before it is encoded."""
        return value

    def is_open(self, case: Case, answer: Answer, ordered: bool) -> bool:
        """Do ties decide, although both orders of them give the same? The transaction's seed is random."""
        with contextlib.suppress(Exception, Timeout):
            return any(
                canonical(self._once(case, ties.ANY, []), ordered)
                != canonical(answer.first, ordered)
                for _ in range(ANY_ORDERS)
            )
        return False

    def run(self, case: Case) -> Answer:
        found = Answer()
        try:
            found.first = self._once(case, "ASC", found.queries)
            found.second = self._once(case, "DESC", [])
        except (Exception, Timeout) as error:
            found.error = type(error).__name__
            found.message = str(error)
        return found
