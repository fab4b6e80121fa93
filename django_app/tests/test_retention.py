"""What is kept, for how long, and how one user's part of it is handed over and erased."""

import json
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from ai_assistant import models

pytestmark = pytest.mark.django_db


def said(owner, days=0, text="How many orders of Ann?"):
    """A question with all that hangs on it, so many days ago."""
    then = timezone.now() - timedelta(days=days)
    chat = models.Chat.objects.create(owner=owner, title="Orders", updated_at=then)
    question = models.Message.objects.create(chat=chat, role="user", content=text)
    answer = models.Message.objects.create(chat=chat, role="assistant", content="5", reply_to=question, snippet="1")
    models.StreamEvent.objects.create(message=question, seq=1, event="phase", data={})
    models.Feedback.objects.create(message=answer, owner=owner, value=1)
    models.Favorite.objects.create(owner=owner, message=answer, snippet="1")
    request = uuid.uuid4()
    for phase, state in [("accepted", "running"), ("ended", "answered")]:
        models.QueryLog.objects.create(
            request_id=request,
            phase=phase,
            state=state,
            user_id=str(owner.pk),
            username=owner.get_username(),
            question=text,
            created_at=then,
        )
    models.ModelCall.objects.create(request_id=request, ordinal=1, host="h", payload=text, reply="ok", created_at=then)
    return chat


def counts():
    kinds = [models.Chat, models.Message, models.StreamEvent, models.Feedback, models.QueryLog, models.ModelCall]
    return [kind.objects.count() for kind in kinds]


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("days", "left"),
    [(29, [1, 2, 1, 1, 2, 1]), (31, [1, 2, 1, 1, 2, 0]), (181, [0, 0, 0, 0, 2, 0]), (366, [0, 0, 0, 0, 0, 0])],
)
def test_each_kind_is_kept_for_its_time(staff, days, left):
    said(staff, days)
    run("ai_assistant_prune")
    assert counts() == left
    assert models.Favorite.objects.count() == 1, "what somebody keeps is kept"


@override_settings(AI_ASSISTANT={"CHAT_DAYS": 1, "LOG_DAYS": 2, "CALL_DAYS": 3})
def test_the_site_says_for_how_long(staff):
    said(staff, 2)
    assert run("ai_assistant_prune") == "chats: 1\nlog rows: 2\ncalls: 0\n"


def test_one_user_is_erased_and_no_other(staff, boss):
    said(staff)
    said(boss, text="How many refunds?")
    with pytest.raises(CommandError, match="--yes"):
        run("ai_assistant_erase", "ann")
    run("ai_assistant_erase", "ann", "--yes")
    assert counts() == [1, 2, 1, 1, 4, 1]
    assert models.Favorite.objects.get().owner == boss
    kept = list(models.QueryLog.objects.filter(user_id="erased").values_list("username", "question", "snippet"))
    assert kept == [("", "", None)] * 2
    assert "Ann" not in run("ai_assistant_export_user", "boss")


def test_one_user_is_handed_over(staff, boss):
    said(staff)
    said(boss, text="How many refunds?")
    handed = run("ai_assistant_export_user", "ann")
    assert "refunds" not in handed
    found = json.loads(handed)
    assert found["user"]["name"] == "ann"
    assert {kind: len(rows) for kind, rows in found.items() if kind != "user"} == {
        "chats": 1,
        "messages": 2,
        "favourites": 1,
        "thumbs": 1,
        "log": 2,
        "calls": 1,
    }
    with pytest.raises(CommandError, match="no user"):
        run("ai_assistant_export_user", "nobody")


def test_payloads_are_for_superusers(client, staff, boss):
    from django.contrib.auth.models import Permission

    said(staff)
    staff.user_permissions.add(Permission.objects.get(codename="view_modelcall"))
    address = f"/admin/ai_assistant/modelcall/{models.ModelCall.objects.get().pk}/change/"
    client.force_login(staff)
    assert client.get(address).status_code in (302, 403)
    client.force_login(boss)
    page = client.get(address)
    assert page.status_code == 200 and b"How many orders of Ann?" in page.content
