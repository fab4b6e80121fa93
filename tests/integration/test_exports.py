"""Exports: the stored program's table whole, as CSV or JSON, in constant memory, logged."""

import csv
import io
import json
import socket

import pytest
from stack import API, PATIENCE, SANITIZED, Client, Ormd, token_view, wait_until
from test_limits import site_limits

# Of the whole crowd more than 20 MB: no two sockets hold that for a client that does not read.
WIDE = '"id", "username", "first_name", "last_name", "email", "date_joined", "is_staff"'
FORMULA = '=HYPERLINK("http://example.com")'


@pytest.fixture(scope="module")
def crowd(site):
    from django.contrib.auth.models import User

    made = [
        User(
            username=f"crowd-{n:05}",
            first_name=FORMULA if n == 7 else 'Ümit, "U"\nB',
            last_name="界" * 150,
            email="x" * 250,
            password="x",
        )
        for n in range(30_000)
    ]
    User.objects.bulk_create(made)
    yield len(made)
    User.objects.filter(username__startswith="crowd-").delete()


def exported(client, snippet):
    return client.paste(snippet)["id"]


def crowd_table(client, fields='"id", "username", "first_name"'):
    return exported(
        client,
        f'result = User.objects.filter(username__startswith="crowd-").order_by("id").values({fields})',
    )


def log_of(site, message):
    return site.rows(
        "SELECT phase, state, source, rows, error_code FROM ai_assistant_querylog"
        f" WHERE message_id = {message} AND source = 'export' ORDER BY id"
    )


def test_a_table_is_exported_as_csv(ann, site, crowd):
    message = crowd_table(ann)
    answer = ann.get(f"messages/{message}/export?format=csv")
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="answer-{message}.csv"'
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(answer.text[1:], newline="")))
    assert len(rows) == crowd + 1
    assert rows[0][1] == "username"
    assert rows[1][1] == "crowd-00000" and rows[1][2] == 'Ümit, "U"\nB'
    assert rows[8][2] == "'" + FORMULA, "a spreadsheet does not calculate it"
    assert log_of(site, message) == [
        ["accepted", "running", "export", "", ""],
        ["ended", "answered", "export", str(crowd), ""],
    ]


def test_a_table_is_exported_as_json(ann, crowd):
    whole = json.loads(ann.get(f"messages/{crowd_table(ann)}/export?format=json").text)
    assert [c["name"] for c in whole["columns"]] == ["id", "username", "first_name"]
    assert len(whole["rows"]) == crowd and whole["truncated"] is False
    assert whole["rows"][7][2] == FORMULA


@pytest.mark.parametrize(
    ("snippet", "count"),
    [
        ("result = User.objects.none()", 0),
        ('result = User.objects.filter(username="ann")', 1),
        ('result = [{"name": u.username} for u in User.objects.filter(username="ann")]', 1),
        ('result = User.objects.filter(username="ann").values_list("id", "username")', 1),
    ],
)
def test_every_kind_of_table_is_exported(ann, snippet, count):
    message = exported(ann, snippet)
    shown = ann.get(f"messages/{message}/rows").json["result"] if count else None
    whole = json.loads(ann.get(f"messages/{message}/export?format=json").text)
    assert len(whole["rows"]) == count
    if shown:
        assert whole["rows"] == shown["rows"] and whole["columns"] == shown["columns"]


def test_the_limit_cuts_and_says_so(ann, site, crowd):
    message = crowd_table(ann)
    with site_limits(export_rows=10):
        text = ann.get(f"messages/{message}/export?format=csv").text
        whole = json.loads(ann.get(f"messages/{message}/export?format=json").text)
    lines = list(csv.reader(io.StringIO(text)))
    assert "crowd-00009" in str(lines) and "crowd-00010" not in str(lines)
    assert lines[-1] == ["(cut here: the export's limit is reached)"]
    assert len(whole["rows"]) == 10 and whole["truncated"] is True


def test_what_is_no_table_or_not_ones_own_is_not_exported(ann, bob):
    number = exported(ann, "result = User.objects.count()")
    assert ann.get(f"messages/{number}/export").name == "not-pageable"
    assert bob.get(f"messages/{number}/export").name == "not-found"
    assert ann.get(f"messages/{number}/export?format=xlsx").name == "bad-request"


def test_an_export_has_the_rights_of_the_token_in_hand(ormd, token, site):
    root = Client(ormd, token("root"))
    message = root.paste("result = Group.objects.all()")["id"]
    assert root.get(f"messages/{message}/export").status == 200
    lesser = Client(ormd, token("root", su=False, view=token_view(token("ann"))))
    refused = lesser.get(f"messages/{message}/export")
    assert (refused.status, refused.name) == (409, "not-pageable")
    assert log_of(site, message)[-1][:3] == ["ended", "refused", "export"]


@pytest.mark.skipif(SANITIZED, reason="a sanitizer keeps memory of its own")
def test_memory_does_not_grow_with_the_rows(site, token, crowd):
    with Ormd(site, "--limit", "export_rows=10000000") as ormd:
        client = Client(ormd, token("ann"))
        small = exported(client, "result = User.objects.all()[:2000]")
        client.get(f"messages/{small}/export")
        before = ormd.most_memory()
        whole = client.get(f"messages/{crowd_table(client, WIDE)}/export")
        grown = ormd.most_memory() - before
    sent = len(whole.text.encode()) // 1024
    assert sent > 20_000
    # Pages that malloc keeps are a few of a block's size each; a kept answer would be all of it.
    assert grown < sent / 4, f"{grown} kB more for {sent} kB sent"


def request_export(client, message) -> socket.socket:
    host, port = client.ormd.address.rsplit(":", 1)
    connection = socket.create_connection((host, int(port)), timeout=PATIENCE)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.sendall(
        f"GET {API}/messages/{message}/export HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {client.token}\r\n\r\n".encode()
    )
    return connection


def begin_export(client, message) -> socket.socket:
    connection = request_export(client, message)
    assert connection.recv(200).startswith(b"HTTP/1.1 200")
    return connection


def ended(site, message):
    wait_until(lambda: len(log_of(site, message)) == 2)
    return log_of(site, message)[-1]


def status_when_free(client, message):
    """The place of an export is free soon after its log row, when its connection is gone too."""
    statuses = []

    def free():
        statuses.append(client.get(f"messages/{message}/export").status)
        return statuses[-1] != 503

    wait_until(free)
    return statuses[-1]


def test_a_client_that_leaves_or_does_not_read_ends_the_export(site, token, crowd):
    with Ormd(site, "--limit", "exports_at_once=1") as ormd:
        client = Client(ormd, token("ann"))
        left = crowd_table(client, WIDE)
        with begin_export(client, left):
            busy = client.get(f"messages/{left}/export")
            assert (busy.status, busy.name) == (503, "overloaded")
        assert ended(site, left)[1] == "failed"
        assert status_when_free(client, left) == 200
        unread = crowd_table(client, WIDE)
        with site_limits(export_seconds=2), request_export(client, unread):
            assert ended(site, unread)[1] == "failed"
        assert status_when_free(client, left) == 200
