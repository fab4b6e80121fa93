"""Everything that runs: the cluster, the example site's data, ormd and Django."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from cluster import Cluster, free_port
from example import MANAGE, READER, ROOT, STORE, Example, python
from services import Service

ORMD = ROOT / "build" / "bin" / "ormd"


class Stack:
    def __init__(self, home: Path):
        self.home = home
        self.cluster = Cluster(home)
        self.example: Example | None = None
        self.site_url = ""
        self._services: list[Service] = []

    def start(self, step: Callable[[str], AbstractContextManager]) -> None:
        with step("PostgreSQL, a private cluster"):
            self.cluster.start()
        self.example = Example(self.cluster)
        with step("the example site: tables, data, roles, verified queries"):
            self.example.fill()
        ormd_port, django_port = free_port(), free_port()
        self.site_url = f"http://127.0.0.1:{django_port}"
        with step("ormd"):
            self._start_ormd(ormd_port)
        with step("Django"):
            self._start_django(django_port, ormd_port)

    def _start_ormd(self, port: int) -> None:
        # OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL reach it through the environment.
        environment = {
            "ORMC_SECRET": self.example.secrets.shared,
            "ORMC_TOKEN_KEY": self.example.secrets.token,
            "ORMD_READER_DSN": self.example.conninfo(READER),
            "ORMD_STORE_DSN": self.example.conninfo(STORE),
        }
        command = [str(ORMD), f"--listen=127.0.0.1:{port}"]
        service = Service("ormd", command, environment, self.home / "ormd.log")
        self._services.append(service)
        service.wait_ready(f"http://127.0.0.1:{port}/readyz")

    def _start_django(self, port: int, ormd_port: int) -> None:
        environment = {
            **self.example.environment(),
            "ORMD_URL": f"http://127.0.0.1:{ormd_port}",
            "PYTHONUNBUFFERED": "1",
        }
        command = [python(), str(MANAGE), "runserver", "--noreload", f"127.0.0.1:{port}"]
        service = Service("Django", command, environment, self.home / "django.log")
        self._services.append(service)
        service.wait_ready(f"{self.site_url}/admin/login/")

    def stopped_service(self) -> Service | None:
        return next((service for service in self._services if not service.alive()), None)

    def stop(self) -> None:
        for service in reversed(self._services):
            service.stop()
        self._services.clear()
        self.cluster.stop()
