"""An export of ormd's against psql's \\copy of the same statement, and ormd's memory meanwhile."""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import time
from pathlib import Path

from stack import API, Client, Ormd, Site

COLUMNS = ("id", "username", "email", "first_name", "is_staff", "date_joined")
SNIPPET = f"result = User.objects.values({', '.join(map(repr, COLUMNS))})"
PIECE = 1 << 16


def token_of(site: Site) -> str:
    import jwt
    from ai_assistant import tokens
    from django.contrib.auth.models import User

    user = User.objects.create_superuser("exporter", password=None)
    claims = tokens.claims(user, int(time.time()))
    claims["exp"] += 3_600
    return jwt.encode(claims, site.token_key, algorithm="HS256", headers={"kid": "k1"})


def cpu(pid: int) -> float:
    """Seconds, user and system, of one process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:13]) / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> float:
    """MiB of memory that the process has ever had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024


def exported(client: Client, path: str) -> tuple[float, int]:
    """Seconds and lines of one export."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection(client.ormd.address, timeout=120)
    connection.request("GET", f"{API}/{path}", headers={"Authorization": f"Bearer {client.token}"})
    response, lines = connection.getresponse(), 0
    while piece := response.read(PIECE):
        lines += piece.count(b"\n")
    connection.close()
    return time.perf_counter() - begun, lines


def copied(site: Site, sql: str) -> float:
    begun = time.perf_counter()
    command = ["psql", site.dsn("ormc_reader"), "-qc", f"\\copy ({sql}) to stdout csv header"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as psql:
        while psql.stdout.read(PIECE):
            pass
    if psql.returncode != 0:
        raise SystemExit("psql failed")
    return time.perf_counter() - begun


def compare(site: Site, rows: int, times: int) -> None:
    from ai_assistant.models import AIConfig

    AIConfig(limits={"export_rows": 10_000_000, "questions_per_minute": 1_000_000}).save()
    with Ormd(site) as ormd:
        client = Client(ormd, token_of(site))
        answer = client.paste(SNIPPET)
        sent = answer["sql"][0]
        # The shown page has a limit of its own, which the export has not.
        assert not sent["params"], sent
        path = f"messages/{answer['id']}/export?format=csv"
        pid, ours, theirs = ormd.process.pid, [], []
        idle, spent = peak(pid), cpu(pid)
        for _ in range(times):
            seconds, lines = exported(client, path)
            assert lines > rows, lines
            ours.append(seconds)
            theirs.append(copied(site, sent["sql"]))
        ours_s, theirs_s = statistics.median(ours), statistics.median(theirs)
        print(f"export of {rows} rows: ormd {ours_s:.2f} s, \\copy {theirs_s:.2f} s, ", end="")
        print(
            f"ratio {ours_s / theirs_s:.2f}; CPU of ormd {(cpu(pid) - spent) / times:.2f} s; ",
            end="",
        )
        print(f"peak {idle:.0f} MiB before, {peak(pid):.0f} after")
