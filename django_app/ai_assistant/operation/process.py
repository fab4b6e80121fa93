"""An `ormd` of Django's own: started for `runserver`, or for the time of a command."""

import contextlib
import ctypes
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

from .. import conf
from . import binaries
from .roles import ROLES

PREFIX = "ormd | "
START_SECONDS = 30
STOP_SECONDS = 10
PROVIDER = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL")
PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """With what is missing, and what to do about it."""

    def __init__(self, what, todo):
        super().__init__(f"{what}: {todo}")
        self.what, self.todo = what, todo


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def die_with_parent():
    """In the child: a killed runserver leaves no ormd behind. Only Linux has this, as only it has the wheel."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Process:
    def __init__(self, listen=None, say=None):
        self.listen = listen or f"127.0.0.1:{free_port()}"
        self.lines = []
        self.say = say or self.lines.append
        self.child = None
        self.reader = None

    @property
    def url(self):
        return f"http://{self.listen}"

    def start(self):
        self.child = subprocess.Popen(
            [program()],
            env={**binaries.environment(), **variables(), "ORMD_LISTEN": self.listen},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )
        self.reader = threading.Thread(target=self.repeat, daemon=True)
        self.reader.start()
        return self

    def repeat(self):
        for line in self.child.stderr:
            self.say(line.rstrip("\n"))
        code = self.child.wait()
        if code not in (0, -signal.SIGTERM):
            self.say(f"stopped with exit code {code}")

    def wait(self):
        """Until it answers."""
        deadline = time.monotonic() + START_SECONDS
        while self.child.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if get(self.url, "/healthz")[0] == 200:
                    return self
            time.sleep(0.05)
        self.stop()
        said = [line for line in self.lines if not line.startswith("{")] or ["it does not answer"]
        raise CannotStart(f"ormd did not start: {said[0]}", "manage.py ai_assistant_setup")

    def stop(self):
        if self.child is None:
            return
        self.child.terminate()
        try:
            self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.reader.join(STOP_SECONDS)

    def __enter__(self):
        try:
            return self.start().wait()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()


def program():
    found = binaries.find("ormd", conf.get("ORMD"))
    if found is None:
        chosen = conf.get("ORMD")
        raise CannotStart(
            f"there is no program at AI_ASSISTANT['ORMD'] = {chosen!r}" if chosen else "the program ormd is not found",
            "install the wheel of django-ormc, or name the program in AI_ASSISTANT['ORMD']",
        )
    return found


def variables():
    """What ormd needs, from the settings, the environment or the file of secrets."""
    from .. import secrets

    found = {name: conf.variable(name) for name in [*PROVIDER, *(role.variable for role in ROLES)]}
    found["ORMC_SECRET"] = secrets.secret()  # for an ormd that knows no more than one
    found["ORMC_SECRETS"] = ",".join(f"{kid}:{text}" for kid, text in secrets.secrets().items())
    found["ORMD_TOKEN_KEYS"] = ",".join(f"{kid}:{key}" for kid, key in conf.token_keys().items())
    missing = [role.variable for role in ROLES if not found[role.variable]]
    if missing:
        raise CannotStart(f"{' and '.join(missing)} not set", "manage.py ai_assistant_setup --dev")
    # An inherited ORMC_TOKEN_KEY would win over a key of the settings that has its name.
    return {**{name: value for name, value in found.items() if value}, "ORMC_TOKEN_KEY": ""}


def get(url, path, timeout=5, **headers):
    return call("GET", url, path, timeout=timeout, **headers)


def call(method, url, path, body=None, timeout=60, **headers):
    """(status, JSON or text) of one call."""
    target = urlsplit(url)
    kind = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}[target.scheme]
    with contextlib.closing(kind(target.hostname, target.port, timeout=timeout)) as connection:
        sent = None if body is None else json.dumps(body)
        connection.request(
            method, target.path.rstrip("/") + path, sent, {"Content-Type": "application/json", **headers}
        )
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
    try:
        return answer.status, json.loads(text)
    except ValueError:
        return answer.status, text


@contextlib.contextmanager
def reachable():
    """The address of the site's ormd; in development, where runserver starts it, of one for this time."""
    if conf.get("ORMD_URL") or conf.variable("ORMD_LISTEN"):
        yield conf.ormd_url()
    else:
        with Process() as started:
            yield started.url
