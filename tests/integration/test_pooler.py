"""Behind PgBouncer in transaction mode, whose every transaction may run on another connection of the database."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest
from cluster import free_port
from load import Load
from stack import DATABASE, PATIENCE, Client, Ormd, wait_until

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
POOL = 2  # connections to the database of a role
NAME = "through-the-pooler"

# Its package starts a server of the system's, so `make deps` does not install it.
pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="no pgbouncer")


class Pooler:
    """A site as ormd reaches it through PgBouncer."""

    def __init__(self, site, folder: Path):
        self._site = site
        self.port = free_port()
        users = folder / "users"
        users.write_text("".join(f'"{name}" "{word}"\n' for name, word in site.passwords.items()))
        self.settings = folder / "pgbouncer.ini"
        self.settings.write_text(
            f"[databases]\n{DATABASE} = host=127.0.0.1 port={site.cluster.port}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\nunix_socket_dir =\n"
            f"auth_type = plain\nauth_file = {users}\n"
            f"pool_mode = transaction\ndefault_pool_size = {POOL}\n"
        )

    def dsn(self, role: str) -> str:
        straight = self._site.dsn(role)
        return (
            straight.replace(f"port={self._site.cluster.port}", f"port={self.port}")
            + f" application_name={NAME}"
        )


@pytest.fixture(scope="module")
def pooler(site):
    folder = Path(tempfile.mkdtemp(prefix="ormd-pooler-"))
    made = Pooler(site, folder)
    as_user = {}
    if site.cluster.user is not None:  # PgBouncer does not run as root
        as_user = {"user": site.cluster.user}
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, site.cluster.user)
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([PGBOUNCER, str(made.settings)], stderr=log, cwd="/", **as_user)
    try:
        wait_until(lambda: b"process up" in (folder / "log").read_bytes())
        yield made
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(PATIENCE)
        shutil.rmtree(folder)


@contextlib.contextmanager
def two_servers(pooler):
    with Ormd(pooler, ORMD_SEAT="pooled-1") as one, Ormd(pooler, ORMD_SEAT="pooled-2") as other:
        yield one, other


def test_statements_that_were_prepared_elsewhere_fail_no_question(site, pooler, token):
    """Each connection of a pooler's client meets servers that know none, some or all of its names."""
    log = site.cluster.home / "postgres.log"
    before = log.stat().st_size
    with two_servers(pooler) as servers:
        clients = [Client(server, token("ann")) for server in servers * 3]
        chats = [client.new_chat() for client in clients]

        def ask(number):
            answer = clients[number].ask("How many registrations today?", chats[number])
            return answer["status"], clients[number].get(f"chats/{chats[number]}").status

        with Load(ask, len(clients)) as load:
            load.more(60)
            connected = site.rows(
                "SELECT usename, count(*) FROM pg_stat_activity"
                f" WHERE application_name = '{NAME}' GROUP BY 1 ORDER BY 1"
            )
        assert set(load.done) == {("ok", 200)}
        assert not any(server.events("store_failed") for server in servers)
    with log.open() as said:
        said.seek(before)
        assert 'prepared statement "ormd_' in said.read(), "a name was taken, or unknown"
    assert [role for role, _ in connected] == ["ormc_reader", "ormc_store"]
    assert all(int(count) <= POOL for _, count in connected), "they share the pooler's connections"


def test_a_migration_behind_a_pooler_fails_no_question(site, pooler, token):
    """The pooler's connections keep plans of statements whose columns have changed."""

    def change(type_name):
        site.rows(f"ALTER TABLE ai_assistant_aiconfig ALTER COLUMN body TYPE {type_name}")

    with two_servers(pooler) as servers:
        clients = [Client(server, token("ann")) for server in servers]

        def ask():
            return {client.paste("result = User.objects.count()")["status"] for client in clients}

        assert ask() == {"ok"}
        try:
            change("varchar")
            assert ask() == {"ok"}
        finally:
            change("text")
        assert ask() == {"ok"}


def test_an_export_behind_a_pooler(pooler, token):
    with Ormd(pooler) as ormd:
        client = Client(ormd, token("ann"))
        people = client.paste("result = User.objects.order_by('id').values('id', 'username')")
        told = client.get(f"messages/{people['id']}/export?format=json")
        assert told.status == 200 and len(told.json["rows"]) > 1
