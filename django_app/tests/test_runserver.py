"""While DEBUG is on, runserver starts ormd on a port of its own, once, and stops it again."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest
from django.test import override_settings

from ai_assistant.operation import binaries, development

from . import operation
from .conftest import ROOT

SETTINGS = """
from example_site.settings import *
AI_ASSISTANT = {"ORMD": %r, "ENV_FILE": %r}
"""


@pytest.mark.parametrize(
    ("arguments", "environment", "site", "starts"),
    [
        (["runserver"], {}, {}, True),
        (["runserver", "8001", "--noreload"], {}, {}, True),
        (["runserver_plus"], {}, {}, True),
        (["runserver"], {"RUN_MAIN": "true"}, {}, False),
        (["runserver_plus"], {"WERKZEUG_RUN_MAIN": "true"}, {}, False),
        (["runserver"], {}, {"ORMD_URL": "http://127.0.0.1:8600"}, False),
        (["runserver"], {}, {"ORMD": False}, False),
        (["runserver"], {}, {"ENABLED": False}, False),
        (["runserver", "--help"], {}, {}, False),
        (["migrate"], {}, {}, False),
        (["test", "runserver"], {}, {}, False),
        ([], {}, {}, False),
    ],
)
def test_when(arguments, environment, site, starts):
    with override_settings(AI_ASSISTANT=site, DEBUG=True):
        assert development.wanted(["manage.py", *arguments], environment) is starts
    with override_settings(AI_ASSISTANT=site, DEBUG=False):
        assert not development.wanted(["manage.py", *arguments], environment)


@pytest.fixture
def project(tmp_path):
    """The example site with ormd's stand-in: settings in a module of their own, to be touched."""
    secrets = tmp_path / "env"
    secrets.write_text("ORMD_READER_DSN=x\nORMD_STORE_DSN=x\n")
    (tmp_path / "tried_settings.py").write_text(SETTINGS % (str(operation.fake_ormd(tmp_path)), str(secrets)))
    return tmp_path


class Runserver:
    def __init__(self, project, *arguments):
        from ai_assistant.operation.process import free_port

        self.port = free_port()
        self.log = project / "log"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tried_settings",
            "PYTHONPATH": os.pathsep.join([str(project), str(ROOT)]),
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, str(ROOT / "example" / "manage.py"), "runserver", str(self.port), *arguments]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                # What a shell starts in the background ignores Ctrl-C, and so would this.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    def wait_for(self, pattern, count=1):
        deadline = time.monotonic() + 30
        while True:
            text = self.log.read_text()
            found = re.findall(pattern, text)
            if len(found) >= count:
                return found
            assert time.monotonic() < deadline, f"no {pattern} in:\n{text}"
            time.sleep(0.1)

    def ormd(self):
        return json.loads(self.wait_for(r"ormd \| (\{.*\})")[0])["pid"]

    def chats(self):
        """The status of a request. Django says that it starts before it listens."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/ai-assistant/api/chats")
        deadline = time.monotonic() + 30
        while True:
            try:
                return urllib.request.urlopen(request, timeout=30).status
            except urllib.error.HTTPError as error:
                return error.code
            except (urllib.error.URLError, ConnectionResetError):
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.1)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def wait_gone(pid):
    deadline = time.monotonic() + 15
    while alive(pid):
        assert time.monotonic() < deadline, f"ormd ({pid}) is still there"
        time.sleep(0.05)


@pytest.mark.django_db
def test_it_starts_survives_a_reload_and_stops(project):
    server = Runserver(project)
    try:
        pid = server.ormd()
        server.wait_for("Starting development server")
        assert server.chats() == 404  # the stand-in's: the pass-through view found it
        time.sleep(1.1)  # the reloader compares times of whole seconds
        os.utime(project / "tried_settings.py")
        server.wait_for("Starting development server", 2)
        assert server.ormd() == pid and alive(pid) and server.chats() == 404
        assert len(re.findall(r"ormd \| \{", server.log.read_text())) == 1
        os.killpg(server.process.pid, signal.SIGINT)
        server.process.wait(20)
        wait_gone(pid)
    finally:
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
@pytest.mark.parametrize("arguments", [[], ["--noreload"]])
def test_a_killed_runserver_leaves_nothing(project, arguments):
    server = Runserver(project, *arguments)
    try:
        pid = server.ormd()
        server.process.kill()
        server.process.wait(10)
        wait_gone(pid)
    finally:
        os.killpg(server.process.pid, signal.SIGKILL) if not arguments else None


def test_a_site_that_is_not_set_up_runs_all_the_same(project):
    (project / "env").unlink()
    server = Runserver(project)
    try:
        server.wait_for(r"ormd \| not started: ORMD_READER_DSN and ORMD_STORE_DSN not set: .*--dev")
        server.wait_for("Watching for file changes")
    finally:
        os.killpg(server.process.pid, signal.SIGTERM)
        server.process.wait(20)


def test_where_the_program_is(tmp_path, monkeypatch):
    monkeypatch.setattr(binaries, "WHEEL", tmp_path / "wheel")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert binaries.find("ormd") is None
    on_path = operation.fake_ormd(tmp_path)
    assert binaries.find("ormd") == str(on_path)
    (tmp_path / "wheel").mkdir()
    in_wheel = operation.fake_ormd(tmp_path / "wheel")
    assert binaries.find("ormd") == str(in_wheel)
    assert binaries.find("ormd", str(on_path)) == str(on_path)
    assert binaries.find("ormd", tmp_path / "none") is None


def test_the_wheel_s_commands_say_where_there_is_no_program(tmp_path, monkeypatch):
    monkeypatch.setattr(binaries, "WHEEL", tmp_path)
    with pytest.raises(SystemExit, match="has no programs in it"):
        binaries.ormd()
