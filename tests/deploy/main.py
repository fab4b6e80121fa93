"""Starts nginx, gunicorn and two ormd with the files of deploy/, and asks through them.

Run it beside a cluster: `scripts/demo/with_cluster.py tests/deploy/main.py`. systemd is not there to start the units: they are
verified, and what they give their processes is given here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "scripts" / "demo"), str(ROOT / "django_app"), str(HERE)]

from ai_assistant.operation import environment  # noqa: E402
from client import Client, ClientError  # noqa: E402
from cluster import Cluster, free_port  # noqa: E402
from example import READER, STAFF_USER, STORE, Example, python  # noqa: E402
from placed import DEPLOY, place, secrets_file, variables  # noqa: E402
from progress import fail, step  # noqa: E402
from services import Service, ServiceError  # noqa: E402

ORMD = ROOT / "build" / "bin" / "ormd"
COUNT = "result = User.objects.count()"
QUESTIONS = 15  # within a minute: a user may ask twenty
PACE = 0.15  # seconds between them: they go on while both restart
MAIN = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types; access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/nginx.conf;
}}
"""


class Site:
    def __init__(self, folder: Path, example: Example):
        self.folder = folder
        self.example = example
        self.ports = [str(free_port()), str(free_port())]
        self.url = f"http://127.0.0.1:{free_port()}"
        self.services: dict[str, Service] = {}

    def start(self) -> None:
        self.start_gunicorn()
        for port in self.ports:
            self.start_ormd(port)
        self.start_nginx()

    def start_ormd(self, port: str) -> None:
        path = self.folder / "ormd.env"
        if not path.exists():
            dsns = {"ORMD_READER_DSN": READER, "ORMD_STORE_DSN": STORE}
            secrets_file(
                path,
                {
                    "ORMC_SECRET": self.example.secrets.shared,
                    "ORMC_TOKEN_KEY": self.example.secrets.token,
                    **{name: self.dsn(role) for name, role in dsns.items()},
                },
            )
        given = {**environment.read(path), **variables("ormd@.service", port)}
        given["ORMD_METRICS_LISTEN"] = f"127.0.0.1:{free_port()}"  # 1PORT may be no port here
        service = Service(f"ormd-{port}", [str(ORMD)], given, self.folder / f"ormd-{port}.log")
        self.services[port] = service
        self.metrics = f"http://{given['ORMD_METRICS_LISTEN']}/metrics"
        service.wait_ready(f"http://127.0.0.1:{port}/readyz")

    def dsn(self, role: str) -> str:
        parts = dict(part.split("=", 1) for part in self.example.conninfo(role).split())
        return "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts)

    def start_gunicorn(self) -> None:
        static = self.folder / "static"
        given = {
            **self.example.environment(),
            "DJANGO_DEBUG": "0",
            "DJANGO_STATIC_ROOT": str(static),
            "DJANGO_SETTINGS_MODULE": "example_site.settings",
            "PYTHONPATH": f"{ROOT / 'django_app'}:{ROOT / 'django_app' / 'example'}",
            "ORMD_URL": "http://127.0.0.1:1",  # nginx is the way, not the app
        }
        self.example.manage("collectstatic", "--no-input", "--verbosity=0", **given)
        socket = {"/run/mysite/gunicorn.sock": str(self.folder / "gunicorn.sock")}
        conf = place("gunicorn.conf.py", self.folder, socket)
        command = [python(), "-m", "gunicorn", "--config", str(conf), "example_site.wsgi"]
        self.services["gunicorn"] = Service(
            "gunicorn", command, given, self.folder / "gunicorn.log"
        )

    def start_nginx(self) -> None:
        changes = {
            "127.0.0.1:8600": f"127.0.0.1:{self.ports[0]}",
            "127.0.0.1:8601": f"127.0.0.1:{self.ports[1]}",
            "/run/mysite/gunicorn.sock": str(self.folder / "gunicorn.sock"),
            "listen 80;": f"listen {self.url.removeprefix('http://')};",
            "/srv/mysite/static/": f"{self.folder}/static/",
            "mysite.example": "127.0.0.1",
        }
        place("nginx.conf", self.folder, changes)
        main = self.folder / "main.conf"
        main.write_text(MAIN.format(folder=self.folder))
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        command = [nginx, "-p", str(self.folder), "-c", str(main)]
        self.services["nginx"] = Service("nginx", command, {}, self.folder / "nginx.out")
        self.services["nginx"].wait_ready(f"{self.url}/admin/login/")

    def stop(self) -> None:
        for service in reversed(self.services.values()):
            service.stop()


def expect(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise ServiceError(f"{what}: {found!r} instead of {wanted!r}")


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        return answer.read().decode()


def ask_while_one_restarts(site: Site, client: Client, chat: str) -> None:
    """No question fails while each ormd in turn is stopped and started."""
    failed: list[str] = []

    def ask() -> None:
        for _ in range(QUESTIONS):
            try:
                answer = client.ask(chat, COUNT)
                failed.extend([] if answer["status"] == "ok" else [answer["status"]])
            except ClientError as error:
                failed.append(str(error))
            time.sleep(PACE)

    asking = threading.Thread(target=ask)
    asking.start()
    for port in site.ports:
        site.services[port].stop()
        site.start_ormd(port)
    expect("questions were asked all the time", asking.is_alive(), True)
    asking.join()
    expect("questions that failed", failed, [])


def verify_units(folder: Path) -> None:
    """systemd's own word on the units: no unknown setting, and little left open."""
    changes = {"/opt/mysite/bin/ormd": str(ORMD), "/etc/mysite/ormd.env": "/dev/null"}
    ormd = place("ormd@.service", folder, changes)
    instance = ormd.rename(folder / "ormd@8600.service")
    django = place(
        "mysite.service", folder, {"/opt/mysite/bin/gunicorn": shutil.which("true") or "/bin/true"}
    )
    for unit in (instance, django):
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(unit)],
            capture_output=True,
            text=True,
            check=False,
        )
        ours = [line for line in done.stderr.splitlines() if unit.name in line]
        expect(f"systemd-analyze verify {unit.name}", (done.returncode, ours), (0, []))
    subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(instance)],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def check_alerts(site: Site) -> None:
    """The rules speak of metrics that there are."""
    known = set(re.findall(r"^(ormd_\w+)", fetch(site.metrics), re.MULTILINE))
    asked = set(re.findall(r"\bormd_\w+", (DEPLOY / "alerts.yml").read_text()))
    expect(
        "metrics of alerts.yml that ormd lacks", asked - known - {"ormd_model_tokens_total"}, set()
    )


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="ormc-deploy-"))
    folder.chmod(
        0o711
    )  # nginx gives up root: its worker must reach the socket and the static files
    cluster = Cluster(folder / "home")
    site = None
    try:
        with step("the units, by systemd-analyze"):
            verify_units(folder)
        with step("PostgreSQL and the example site"):
            cluster.start()
            example = Example(cluster)
            example.fill()
        site = Site(folder, example)
        with step("nginx, gunicorn, two ormd"):
            site.start()
        client = Client(site.url)
        client.log_in(STAFF_USER, example.secrets.staff)
        client.take_token()
        chat = client.new_chat()
        with step("a question through all of them"):
            expect("the answer", client.ask(chat, COUNT)["status"], "ok")
            expect(
                "a static file",
                "import" in fetch(f"{site.url}/static/ai_assistant/drawer/main.js"),
                True,
            )
        with step(f"{QUESTIONS} questions while each ormd restarts"):
            ask_while_one_restarts(site, client, chat)
        check_alerts(site)
    except (ClientError, ServiceError, subprocess.CalledProcessError) as error:
        fail(str(error))
        return 1
    finally:
        if site is not None:
            site.stop()
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
