"""What the tests of the commands share: a site of its own roles and file of secrets, with a stand-in for ormd."""

import contextlib
import io
import sys
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

READER, STORE = "ormc_try_reader", "ormc_try_store"


def fake_ormd(folder):
    program = folder / "ormd"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).parent / "fake_ormd.py"}" "$@"\n')
    program.chmod(0o755)
    return program


def site(folder, **settings):
    return {
        "READER_ROLE": READER,
        "STORE_ROLE": STORE,
        "ENV_FILE": folder / ".ormd" / "env",
        "ORMD": str(fake_ormd(folder)),
        **settings,
    }


def run(name, *arguments):
    """(exit code, output) of a command."""
    out, code = io.StringIO(), 0
    try:
        call_command(name, *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as stopped:
        code = stopped.code
    return code, out.getvalue()


def sql(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextlib.contextmanager
def set_up(folder):
    """A set-up that is whole, committed: what a test changes after it may be rolled back."""
    drop_roles()
    with override_settings(AI_ASSISTANT=site(folder)):
        code, said = run("ai_assistant_setup", "--dev")
    assert code == 0, said
    yield folder
    drop_roles()


def drop_roles():
    sql("RESET ROLE")
    for role in (READER, STORE):
        with contextlib.suppress(Exception):
            sql(f"DROP OWNED BY {role}", f"DROP ROLE {role}")
