"""Runs one app of Django's tests for real, and keeps the queries that its statements make.

    capture.py TESTS_FOLDER APP OUTPUT_FOLDER     (DSN of an empty database in CONFORMANCE_DSN)

Before each statement of a test, every sub-expression that asks the database and that can be written
as a snippet is answered by Django, on the data of that moment; what the tables hold is kept with it.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import pickle
import sys
import threading
import unittest
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import MethodType, NoneType

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "oracle"), str(HERE.parents[1] / "django_app")]

CONTRIB = "contenttypes auth sites sessions messages staticfiles postgres".split()
UNMIGRATED = "auth contenttypes sessions sites admin ai_assistant flatpages redirects".split()
MORE_APPS = {"flatpages_tests": ["flatpages"], "redirects_tests": ["redirects"]}
LONGEST = 4000
# A loop over many values says little more than over a few.
MOST_OF_A_STATEMENT = 6
# Tests that change what no manifest tells, a line each with the reason.
LEFT_OUT = [
    line.split("#")[0].strip()
    for line in (HERE / "left_out.txt").read_text().splitlines()
    if line.split("#")[0].strip()
]


@dataclass
class Frame:
    """What is known of a running function: its names that are expressible."""

    frame: object
    symbols: dict = field(default_factory=dict)
    pending: tuple | None = None


def configure(app: str) -> None:
    import psycopg
    from django.conf import settings

    dsn = psycopg.conninfo.conninfo_to_dict(os.environ["CONFORMANCE_DSN"])
    contrib = [*CONTRIB, *MORE_APPS.get(app, [])]
    installed = [*(f"django.contrib.{name}" for name in contrib), app, "ai_assistant"]
    settings.configure(
        SECRET_KEY="conformance",
        INSTALLED_APPS=["django.contrib.admin.apps.SimpleAdminConfig", *dict.fromkeys(installed)],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "HOST": dsn["host"],
                "PORT": dsn["port"],
                "NAME": dsn["dbname"],
                "USER": dsn["user"],
                "PASSWORD": dsn["password"],
            }
        },
        MIGRATION_MODULES=dict.fromkeys(UNMIGRATED),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        ROOT_URLCONF="urls",
        SITE_ID=1,
        USE_TZ=False,
        SILENCED_SYSTEM_CHECKS=["fields.W342"],
    )


class Recorder:
    """Holds the hook that is called before each statement."""

    def __init__(self, app: str, output: Path):
        from django.db import connection

        import snapshots
        from asking import make_reference
        from express import Language
        from manifests import Manifests
        from names import names

        self.app = app
        self.output = output
        self.connection = connection
        self.names = names()
        self.language = Language(self.names)
        self.reference = make_reference(self.names)
        with connection.cursor() as cursor:
            self.tables = snapshots.tables(cursor)
        self.frames: dict[int, Frame] = {}
        self.test = ""
        self.busy = False
        self.dirty = True
        self.data = ""
        self.snapshots: dict[str, dict] = {}
        self.manifests = Manifests(output)
        self.captured: list = []
        self.seen: set[tuple] = set()
        self.asked: Counter = Counter()
        self.skipped: Counter = Counter()

    def begin(self, test: str) -> None:
        left_out = any(f"{self.app}.{test}".startswith(prefix) for prefix in LEFT_OUT)
        self.test = "" if left_out else test
        self.frames = {}
        self.dirty = True

    def end(self) -> None:
        self.test = ""
        self.frames = {}

    # -- the hook

    def before_statement(self, number: int) -> None:
        if not self.test or self.busy or not in_main_thread():
            return
        import instrument

        self.busy = True
        try:
            self.look(instrument.statements[number], sys._getframe(1))
        finally:
            self.busy = False

    def look(self, statement: ast.stmt, frame) -> None:
        state = self.frames.get(id(frame))
        if state is None or state.frame is not frame:
            state = self.frames[id(frame)] = Frame(frame)
        self.bind(state)
        for header in headers(statement):
            self.candidates(header, state)
        self.follow(statement, state)

    def express(self, node: ast.expr, state: Frame):
        """(tree, does it name a model), or None."""
        from express import Expressor, Inexpressible

        scopes = [state.frame.f_locals, state.frame.f_globals]
        expressor = Expressor(self.language, scopes, state.symbols)
        try:
            tree = expressor.express(node)
        except Inexpressible:
            return None
        except Exception as error:
            self.skipped[f"express: {type(error).__name__}: {error}"] += 1
            return None
        tree.queries = expressor.queries
        return tree

    def bind(self, state: Frame) -> None:
        """Gives the last assignment's name the value that came of it."""
        from express import Symbol

        if state.pending is None:
            return
        name, tree = state.pending
        state.pending = None
        value = state.frame.f_locals.get(name)
        if not isinstance(value, (NoneType, bool, int, float, str, bytes, MethodType)):
            state.symbols[name] = Symbol(name, tree, value)

    def follow(self, statement: ast.stmt, state: Frame) -> None:
        value = None
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, value = statement.targets[0], statement.value
        elif isinstance(statement, ast.AugAssign):
            target = statement.target
            left = ast.Name(id=getattr(target, "id", ""), ctx=ast.Load())
            value = ast.BinOp(left=left, op=statement.op, right=statement.value)
        if value is not None and isinstance(target, ast.Name):
            tree = self.express(value, state)
            if tree is not None:
                state.pending = (target.id, tree)

    def candidates(self, node: ast.AST, state: Frame) -> None:
        """The largest expressions under `node` that ask the database."""
        from express import asks

        if isinstance(node, ast.expr) and not isinstance(node, (ast.Name, ast.Constant)):
            tree = self.express(node, state)
            if tree is not None:
                if tree.queries and asks(tree):
                    self.record(tree, node)
                return
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.stmt):
                self.candidates(child, state)

    # -- what is kept

    def record(self, tree: ast.expr, node: ast.expr) -> None:
        from cases import Case
        from django.utils import timezone

        import express
        from captured import Captured

        text = express.snippet(tree, self.names)
        if len(text) > LONGEST:
            self.skipped["long"] += 1
            return
        place = (self.test, node.lineno, node.col_offset)
        self.asked[place] += 1
        if self.asked[place] > MOST_OF_A_STATEMENT:
            return
        debug, self.connection.force_debug_cursor = self.connection.force_debug_cursor, False
        try:
            data, manifest = self.moment(), self.manifests.now()
            zone = timezone.get_current_timezone_name()
            key = (text, data, manifest, zone)
            if key in self.seen:
                return
            self.seen.add(key)
            name = f"{self.app}/{self.test}:{node.lineno}:{len(self.captured)}"
            case = Case(name, text, tz=zone if "/" in zone or zone == "UTC" else "UTC")
            with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
                warnings.simplefilter("ignore")
                answer = self.reference.run(case)
        except Exception as error:
            self.skipped[f"{type(error).__name__}: {str(error)[:80]}"] += 1
            return
        finally:
            self.connection.force_debug_cursor = debug
        if answer.error in NOT_ANSWERS or "multiple ORDER BY" in answer.message:
            self.skipped[answer.error] += 1
            return
        self.captured.append(Captured(case, answer, data, manifest))

    def moment(self) -> str:
        import snapshots

        if self.dirty:
            with self.connection.cursor() as cursor:
                found = snapshots.take(cursor, self.tables)
            self.data = snapshots.digest(found)
            self.snapshots.setdefault(self.data, found)
            self.dirty = False
        return self.data

    def watch(self, execute, sql, params, many, context):
        import snapshots

        if not self.busy and snapshots.is_write(str(sql)):
            self.dirty = True
        return execute(sql, params, many, context)

    def watch_rollback(self) -> None:
        """A whole transaction is rolled back without a statement."""
        roll_back = self.connection.rollback

        def rollback():
            self.dirty = True
            roll_back()

        self.connection.rollback = rollback

    def write(self) -> None:
        (self.output / "data.json").write_text(json.dumps(self.snapshots))
        with (self.output / "captured.pickle").open("wb") as file:
            pickle.dump(self.captured, file)


# The last: an image's row reads its file.
NOT_ANSWERS = {
    *("Unanswerable", "TransactionManagementError", "InternalError", "Timeout"),
    "FileNotFoundError",
}


def in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def headers(statement: ast.stmt) -> list[ast.AST]:
    """The parts of a statement that run before those within it."""
    match statement:
        case ast.With() | ast.AsyncWith():
            return [item.context_expr for item in statement.items]
        case ast.For() | ast.AsyncFor():
            return [statement.iter]
        case ast.If() | ast.While():
            return [statement.test]
        case ast.Try() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return []
    return [statement]


class Result(unittest.TestResult):
    def __init__(self, recorder: Recorder):
        super().__init__()
        self.recorder = recorder

    def startTest(self, test):
        super().startTest(test)
        self.recorder.begin(".".join(test.id().split(".")[1:]))

    def stopTest(self, test):
        self.recorder.end()
        super().stopTest(test)


def main(folder: Path, app: str, output: Path) -> None:
    sys.path.append(str(folder))
    warnings.simplefilter("ignore")
    configure(app)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    import instrument

    output.mkdir(parents=True, exist_ok=True)
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    setup_test_environment()
    recorder = Recorder(app, output)
    recorder.watch_rollback()
    instrument.install(folder, app, recorder.before_statement)
    loader = unittest.TestLoader()
    suite = loader.discover(str(folder / app), pattern="test*.py", top_level_dir=str(folder))
    result = Result(recorder)
    with connection.execute_wrapper(recorder.watch), contextlib.redirect_stdout(io.StringIO()):
        suite.run(result)
    recorder.write()
    failed = [*result.failures, *result.errors]
    for error in loader.errors:
        print(error[-300:])
    if os.environ.get("CONFORMANCE_VERBOSE"):
        for test, trace in failed:
            print(test, trace[-600:])
        for reason, count in recorder.skipped.most_common(20):
            print(f"skipped {count} {reason}")
    print(
        f"{app}: {result.testsRun} tests run, {len(failed)} failed here;"
        f" {len(recorder.captured)} queries on {len(recorder.snapshots)} states of the data"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
