"""A newcomer's machine: an environment, a site of their own, and the README's steps done to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from cluster import free_port
from readme import Step
from services import Service

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
USER, PASSWORD = "boss", "a long password 17"
# The site's own requirements: it runs before there is an assistant.
SITE_PACKAGES = ("Django", "psycopg[binary]")
LEFT_OUT = ("ORMC_", "ORMD_", "OPENAI_", "PYTHONPATH", "DJANGO_")
DATA = """
import datetime
from library.models import Book, Member
boss = Member.objects.create_superuser("boss", "boss@example.com", "a long password 17", card="0")
members = [Member.objects.create(username=f"member{n}", card=str(n + 1)) for n in range(5)]
for n in range(40):
    lent = n % 3 == 0
    Book.objects.create(
        title=f"Book {n}", state="l" if lent else "s", lent_to=members[n % 5] if lent else None,
        bought=datetime.date(2024 + n % 3, 1 + n % 12, 1),
    )
"""


class Failed(RuntimeError):
    pass


class Newcomer:
    def __init__(self, home: Path):
        self.home = home
        self.site = home / "site"
        self.bin = home / "environment" / "bin"
        self.port = free_port()
        self.server: Service | None = None

    def environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(LEFT_OUT)}
        return {**clean, "PATH": f"{self.bin}:{clean['PATH']}", "PYTHONUNBUFFERED": "1"}

    def run(self, *command: str, fails: bool = False) -> str:
        done = subprocess.run(
            command,
            cwd=self.site,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if (done.returncode != 0) is not fails:
            raise Failed(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}")
        return done.stdout

    def manage(self, *arguments: str, fails: bool = False) -> str:
        return self.run("python", "manage.py", *arguments, fails=fails)

    # -- before there is an assistant

    def make_site(self) -> None:
        self.site.mkdir(parents=True)
        subprocess.run([sys.executable, "-m", "venv", str(self.bin.parent)], check=True)
        pins = (ROOT / "requirements.txt").read_text().splitlines()
        wanted = [pin for pin in pins if pin.split("==")[0] in SITE_PACKAGES]
        self.run("pip", "install", "-q", "--disable-pip-version-check", *wanted)
        self.run("django-admin", "startproject", "mysite", ".")
        shutil.copytree(HERE / "library", self.site / "library")
        (self.site / "library" / "urls.py").replace(self.site / "mysite" / "urls.py")
        tail = self.site / "library" / "settings_tail.py"
        self.append("mysite/settings.py", tail.read_text())
        tail.unlink()
        self.manage("makemigrations", "library", "--verbosity=0")
        self.manage("migrate", "--verbosity=0")
        self.manage("migrate", "--database=door", "--verbosity=0")
        self.manage("shell", "--command", DATA)

    def append(self, name: str, text: str) -> None:
        with (self.site / name).open("a") as file:
            file.write(f"\n{text}\n")

    # -- the README's steps

    def do(self, step: Step, wheel: Path) -> None:
        if step.language == "python":
            self.append(
                "mysite/urls.py" if "urlpatterns" in step.code else "mysite/settings.py", step.code
            )
            return
        for line in step.code.splitlines():
            if line == "python manage.py runserver":
                self.start()
            else:
                # The wheel of this tree stands in for the one of the package index.
                self.run("bash", "-c", line.replace("django-ormc", str(wheel)))

    def start(self) -> None:
        command = [str(self.bin / "python"), "manage.py", "runserver", str(self.port)]
        self.server = Service(
            "runserver", command, self.environment(), self.home / "log", self.site
        )
        self.server.wait_ready(f"{self.url}/admin/login/")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def log(self) -> str:
        return (self.home / "log").read_text()

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()
