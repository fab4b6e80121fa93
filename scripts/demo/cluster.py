"""A PostgreSQL cluster of its own: a data folder, a free port, an unprivileged user.

It never touches the system's clusters: it listens on 127.0.0.1 only, has no Unix socket, and every
role has a password that was made for it.
"""

from __future__ import annotations

import contextlib
import functools
import os
import pwd
import random
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql/15/bin")
OWNER = "ormc_owner"

# The cluster's content can be made again at any time, so it need not survive a power cut.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "timezone": "UTC",
}


class ClusterError(RuntimeError):
    pass


def free_port() -> int:
    """Below the ports that the kernel gives to clients: no connection of anybody's takes it before its
    server listens, or while that restarts."""
    for _ in range(1000):
        port = random.randrange(20_000, 32_768)  # noqa: S311
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ClusterError("no free port from 20000 to 32767")


def unprivileged_user() -> str | None:
    """The user that runs PostgreSQL, or None where the invoking user will do (root may not)."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError as error:
        raise ClusterError("no user `postgres`: run `make deps`") from error


class Cluster:
    def __init__(self, home: Path):
        """`home` keeps the password and where the data is; the data may be elsewhere."""
        self.home = home
        self.port = 0
        self.password = ""
        self._server: subprocess.Popen | None = None

    @functools.cached_property
    def user(self) -> str | None:
        # Not before it is needed: on a fresh machine `make demo` installs the package that makes it.
        return unprivileged_user()

    # -- where the data is

    def _as_user(self) -> dict:
        """How to start a program as the unprivileged user."""
        if self.user is None:
            return {}
        entry = pwd.getpwnam(self.user)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def _enterable(self, folder: Path) -> bool:
        """Whether the user can reach the folder: a checkout's parents may be closed to it."""
        probe = ["test", "-w", str(folder), "-a", "-x", str(folder)]
        return subprocess.run(probe, cwd="/", check=False, **self._as_user()).returncode == 0

    def _give(self, folder: Path) -> None:
        folder.chmod(0o700)
        if self.user is not None:
            shutil.chown(folder, self.user, pwd.getpwnam(self.user).pw_gid)

    def _choose_data(self) -> Path:
        remembered = self.home / "data-folder"
        if remembered.exists():
            data = Path(remembered.read_text().strip())
            if (data / "PG_VERSION").exists():
                return data
        folder = self.home / "postgres"
        folder.mkdir(parents=True, exist_ok=True)
        self._give(folder)
        if not self._enterable(folder):
            folder.rmdir()
            folder = Path(tempfile.mkdtemp(prefix="ormc-postgres-", dir="/var/tmp"))  # noqa: S108
            self._give(folder)
        data = folder / "data"
        remembered.write_text(f"{data}\n")
        return data

    # -- life

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [str(BINARIES / program), *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self._as_user(),
        )
        if done.returncode != 0:
            raise ClusterError(f"{program} failed:\n{done.stdout}{done.stderr}")
        return done

    def _initialise(self, data: Path) -> None:
        self.password = secrets.token_urlsafe(18)
        password_file = data.parent / "password"
        password_file.write_text(self.password)
        self._give_file(password_file)
        self._run(
            "initdb",
            f"--pgdata={data}",
            f"--username={OWNER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        password_file.unlink()
        secret = self.home / "owner-password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)

    def _give_file(self, path: Path) -> None:
        path.chmod(0o600)
        if self.user is not None:
            shutil.chown(path, self.user)

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        data = self._choose_data()
        secret = self.home / "owner-password"
        if not (data / "PG_VERSION").exists() or not secret.exists():
            if data.exists():
                shutil.rmtree(data)
            self._initialise(data)
        self.password = secret.read_text()
        if (data / "postmaster.pid").exists():
            # Left by a run that was killed; ours, since nothing else knows this folder.
            with contextlib.suppress(ClusterError):
                self._run("pg_ctl", "stop", f"--pgdata={data}", "--mode=fast", "--wait")
        # A cluster that is started again stays where its clients know it.
        self.port = self.port or free_port()
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        log = (self.home / "postgres.log").open("ab")
        # A session of its own: Ctrl-C in the terminal must reach only the demo, which stops the
        # parts in their order.
        self._server = subprocess.Popen(
            [str(BINARIES / "postgres"), "-D", str(data), f"--port={self.port}", *settings],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **self._as_user(),
        )
        self._wait()

    def _wait(self, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        ready = [str(BINARIES / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode != 0:
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise ClusterError(f"PostgreSQL did not start: see {self.home / 'postgres.log'}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self._server is None or self._server.poll() is not None:
            return
        self._server.send_signal(2)  # SIGINT: a fast shutdown, no waiting for clients
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            self._server.send_signal(3)  # SIGQUIT: at once; the next start recovers
            self._server.wait(10)

    def remove(self) -> None:
        """For a cluster that nobody needs again."""
        self.stop()
        remembered = self.home / "data-folder"
        if remembered.exists():
            shutil.rmtree(Path(remembered.read_text().strip()).parent, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    # -- use

    def environment(self, database: str = "postgres") -> dict[str, str]:
        """For programs that use libpq as the cluster's owner."""
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": OWNER,
            "PGPASSWORD": self.password,
            "PGDATABASE": database,
        }

    def sql(self, script: str, database: str = "postgres") -> str:
        done = subprocess.run(
            [str(BINARIES / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"],
            input=script,
            env={**os.environ, **self.environment(database)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ClusterError(done.stderr)
        return done.stdout.strip()

    def ensure_database(self, name: str) -> bool:
        """True when the database is new."""
        if self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):  # noqa: S608
            return False
        self.sql(f'CREATE DATABASE "{name}"')
        return True

    def ensure_role(self, name: str, password: str) -> None:
        if not self.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'"):  # noqa: S608
            self.sql(f'CREATE ROLE "{name}"')
        self.sql(
            f'ALTER ROLE "{name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION '
            f"PASSWORD '{password}'"
        )
