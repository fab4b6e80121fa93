"""While DEBUG is on, `runserver` starts an `ormd` on a free port and stops it again."""

import atexit
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .. import conf

COMMANDS = ("runserver", "runserver_plus")
# Set in the process that the autoreloader starts anew at each change: its parent has started ormd.
RELOADED = ("RUN_MAIN", "WERKZEUG_RUN_MAIN")


def wanted(arguments, environ):
    return (
        settings.DEBUG
        and conf.enabled()
        and len(arguments) > 1
        and arguments[1] in COMMANDS
        and not {"-h", "--help"}.intersection(arguments)
        and not any(environ.get(name) == "true" for name in RELOADED)
        and conf.get("ORMD") is not False
        and not conf.get("ORMD_URL")  # the site runs its own
    )


def say(line):
    from .process import PREFIX

    print(f"{PREFIX}{line}", file=sys.stderr, flush=True)


def start():
    """From AppConfig.ready(): no database is asked here."""
    from . import process

    try:
        ormd = process.Process(conf.variable("ORMD_LISTEN"), say).start()
    except (process.CannotStart, ImproperlyConfigured, OSError) as error:
        say(f"not started: {error}")
        return
    # The autoreloader's children are to find it, and this process too.
    os.environ["ORMD_LISTEN"] = ormd.listen
    atexit.register(ormd.stop)
