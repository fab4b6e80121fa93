"""The chain over the log: what it finds, and what it outlives."""

import uuid
from datetime import timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils import timezone

from ai_assistant import audit, models, retention

from .operation import run

pytestmark = pytest.mark.django_db


def asked(user="1", days=0, ended=True, question="How many orders of Ann?"):
    request, then = uuid.uuid4(), timezone.now() - timedelta(days=days)
    common = {"request_id": request, "user_id": user, "username": "ann", "created_at": then}
    rows = [models.QueryLog.objects.create(phase="accepted", state="running", question=question, **common)]
    if ended:
        rows.append(models.QueryLog.objects.create(phase="ended", state="answered", snippet="result = 1", **common))
    return rows


def maintained(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ai_assistant.maintenance = 'on'")
        cursor.execute(statement)
        cursor.execute("SET LOCAL ai_assistant.maintenance = ''")


def wrong():
    return audit.verify()[1]


def test_what_has_ended_is_chained_once():
    asked()
    asked(ended=False)
    assert audit.seal() == 2 and audit.seal() == 0
    assert wrong() == []
    first, second = models.LogSeal.objects.order_by("id")
    assert first.digest == audit.link(audit.GENESIS, first) and second.digest == audit.link(first.digest, second)
    assert run("ormc_audit", "head") == (0, f"{second.pk}:{second.digest}\n")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE ai_assistant_querylog SET question = 'other' WHERE phase = 'accepted'", "its texts were changed"),
        ("UPDATE ai_assistant_querylog SET state = 'failed' WHERE phase = 'ended'", "its facts were changed"),
        ("UPDATE ai_assistant_querylog SET user_id = 'erased'", "its texts were changed"),
        ("DELETE FROM ai_assistant_querylog WHERE phase = 'ended'", "is gone, and is not old enough"),
        ("UPDATE ai_assistant_logseal SET salt = ''", "its texts were changed"),
        ("UPDATE ai_assistant_logseal SET facts = repeat('a', 64)", "the chain breaks at link"),
        ("DELETE FROM ai_assistant_logseal WHERE id = (SELECT min(id) FROM ai_assistant_logseal)", "the chain breaks"),
    ],
)
def test_a_change_is_found(statement, words):
    asked()
    asked()
    audit.seal()
    maintained(statement)
    assert any(words in sentence for sentence in wrong()), wrong()
    code, said = run("ormc_audit", "verify")
    assert code == 1 and words in said


def test_a_chain_that_was_cut_or_made_anew_lacks_the_head_that_was_kept():
    asked()
    audit.seal()
    kept = run("ormc_audit", "head")[1].strip()
    assert run("ormc_audit", "verify", "--head", kept)[0] == 0
    maintained("DELETE FROM ai_assistant_logseal")
    asked()
    audit.seal()
    assert wrong() == []
    code, said = run("ormc_audit", "verify", "--head", kept)
    assert code == 1 and "is not in the chain" in said


def test_erasing_keeps_it_whole(staff):
    asked(str(staff.pk))
    asked("other")
    retention.erase(staff)
    counts, sentences = audit.verify()
    assert sentences == [] and counts == {"links": 4, "pruned": 0, "erased": 2}
    maintained("UPDATE ai_assistant_querylog SET question = 'back' WHERE user_id = 'erased'")
    assert len(wrong()) == 2


def test_pruning_keeps_it_whole():
    asked(days=400)
    asked()
    retention.prune()
    counts, sentences = audit.verify()
    assert sentences == [] and counts == {"links": 4, "pruned": 2, "erased": 0}
    assert models.LogSeal.objects.filter(salt="").count() == 2
    assert run("ormc_audit", "verify")[1].endswith("The chain is whole.\n")


@pytest.mark.parametrize("statement", ["UPDATE ai_assistant_logseal SET salt = ''", "DELETE FROM ai_assistant_logseal"])
def test_the_chain_is_insert_only(statement):
    asked()
    audit.seal()
    refused = pytest.raises((ProgrammingError, InternalError), match="ai_assistant_logseal is insert-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_more_than_a_batch(monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 3)
    for _ in range(4):
        asked()
    assert audit.seal() == 8 and wrong() == []
    assert run("ormc_audit", "seal")[1].startswith("sealed 0 rows\n")
