"""The tables: as docs/contract/storage.md has them, and a log that nobody rewrites."""

import re
import uuid

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test import override_settings

from ai_assistant import models, secrets

from .conftest import CONTRACT

pytestmark = pytest.mark.django_db


def documented():
    """{table: {column: (type, nullable)}} of the document."""
    tables, current = {}, None
    for line in (CONTRACT / "storage.md").read_text().splitlines():
        if line.startswith("### "):
            current = tables.setdefault(line[4:].strip(), {})
        row = re.match(r"\| `(\w+)` \| ([^|]+) \| ([^|]*)\|", line)
        if row and current is not None:
            current[row[1]] = (row[2].strip(), row[3].strip() == "null")
    return tables


def migrated():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable"
            " FROM information_schema.columns WHERE table_name LIKE 'ai\\_assistant\\_%'"
        )
        tables = {}
        for table, column, kind, length, nullable in cursor.fetchall():
            kind = f"{kind}({length})" if length else kind
            tables.setdefault(table, {})[column] = (kind, nullable == "YES")
    return tables


def test_the_document_is_what_migrations_make():
    assert documented() == migrated()


def test_ormd_may_leave_out_what_has_a_default(staff):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ai_assistant_chat (owner_id) VALUES (%s) RETURNING id", [staff.pk])
        chat = cursor.fetchone()[0]
        cursor.execute("INSERT INTO ai_assistant_message (chat_id, role) VALUES (%s, 'user') RETURNING id", [chat])
        message = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO ai_assistant_streamevent (message_id, seq, event, data) VALUES (%s, 1, 'done', '{}')",
            [message],
        )
        cursor.execute(
            "INSERT INTO ai_assistant_feedback (message_id, owner_id, value) VALUES (%s, %s, 1)", [message, staff.pk]
        )
        cursor.execute("INSERT INTO ai_assistant_favorite (owner_id, snippet) VALUES (%s, '1')", [staff.pk])
        cursor.execute("INSERT INTO ai_assistant_job (kind) VALUES ('seal')")
        upsert = (
            "INSERT INTO ai_assistant_ratewindow AS r (user_id, window_start, count) VALUES ('1', now(), 1)"
            " ON CONFLICT (user_id, window_start) DO UPDATE SET count = r.count + 1 RETURNING count"
        )
        cursor.execute(upsert)
        cursor.execute(upsert)
        assert cursor.fetchone() == (2,)
    assert models.Chat.objects.get().messages.get().content == ""


def log(phase="accepted", state="running"):
    return models.QueryLog.objects.create(request_id=uuid.uuid4(), phase=phase, state=state, user_id="1")


@pytest.mark.parametrize(
    "statement", ["UPDATE ai_assistant_querylog SET question = 'x'", "DELETE FROM ai_assistant_querylog"]
)
def test_the_log_is_insert_only(statement):
    log()
    refused = pytest.raises((ProgrammingError, InternalError), match="insert-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ai_assistant.maintenance = 'on'")
        cursor.execute(statement)
        assert cursor.rowcount == 1
        cursor.execute("SET LOCAL ai_assistant.maintenance = ''")


@pytest.mark.parametrize(
    ("question", "same"),
    [
        ("How many registrations today?", "  how many  REGISTRATIONS today "),
        ("Users with a six-digit username?", "users with a six digit username"),
        ("Orders of “Müller”.", "orders of müller"),
    ],
)
def test_questions_that_are_equal(question, same):
    assert normalized(question) == normalized(same)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("registrations today", "registrations yesterday"),
        ("orders over -5", "orders over 5"),
        ("orders over 1.5", "orders over 15"),
        ("total > 5", "total < 5"),
        ("سؤال", "جواب"),
    ],
)
def test_questions_that_differ(question, other):
    assert normalized(question) != normalized(other)


def normalized(question):
    with connection.cursor() as cursor:
        cursor.execute("SELECT ai_assistant_normalize(%s)", [question])
        return cursor.fetchone()[0]


def test_the_key_is_sealed_and_the_settings_are_signed():
    config = models.AIConfig.load()
    config.set_api_key("sk-very-secret-1234")
    config.save()
    stored = models.AIConfig.objects.get()
    assert "secret" not in stored.api_key + stored.body
    assert stored.api_key.startswith("k1.")
    assert stored.api_key_masked == "…1234"
    assert secrets.verify("config", "1", stored.body, stored.hmac)
    assert not secrets.verify("config", "1", stored.body + " ", stored.hmac)
    with override_settings(AI_ASSISTANT={"SECRET": "another"}):
        assert stored.api_key_masked == "?"


@override_settings(AI_ASSISTANT={"SECRET": "shared secret"})
def test_derivations_are_as_documented():
    """Numbers that the server's tests may check against, too."""
    assert secrets.derive("ormc-hmac-v1").hex() == "d44fb071a850f49ef81c950dc21dccb0e790fde3a0f604eb789d768b984e4e69"
    assert (
        secrets.sign("manifest", "f" * 64, '{"format":1}')
        == "e82fde0d66d13c74c75454f56e1b97555e921dde2396e8a002056b03e88ebd1f"
    )
