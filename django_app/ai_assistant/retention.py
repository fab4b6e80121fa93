"""How long what was said is kept; everything of one user, to hand over or to erase."""

from datetime import timedelta

from django.db import connections, transaction
from django.utils import timezone

from . import audit, conf, models, publishing


def prune(now=None):
    """{kind: rows deleted}"""
    now = now or timezone.now()
    alias = publishing.store()

    def older(days):
        return now - timedelta(days=conf.get(days))

    log = models.QueryLog.objects.using(alias).filter(created_at__lt=older("LOG_DAYS"))
    with transaction.atomic(using=alias):
        audit.seal()
        maintain(alias)
        audit.forget(alias, log.values("pk"))
        return {
            "chats": forget(models.Chat.objects.using(alias).filter(updated_at__lt=older("CHAT_DAYS"))),
            "log rows": delete(log),
            "calls": delete(models.ModelCall.objects.using(alias).filter(created_at__lt=older("CALL_DAYS"))),
        }


def erase(user):
    """Chats, favourites, thumbs and payloads go; of log rows the text and the name, so that the counts stay."""
    alias = publishing.store()
    log = models.QueryLog.objects.using(alias).filter(user_id=str(user.pk))
    with transaction.atomic(using=alias):
        audit.seal()
        maintain(alias)
        audit.forget(alias, log.values("pk"))
        requests = list(log.values_list("request_id", flat=True).distinct())
        return {
            "chats": forget(models.Chat.objects.using(alias).filter(owner=user)),
            "favourites": delete(models.Favorite.objects.using(alias).filter(owner=user)),
            "thumbs": delete(models.Feedback.objects.using(alias).filter(owner=user)),
            "calls": delete(models.ModelCall.objects.using(alias).filter(request_id__in=requests)),
            "rates": delete(models.RateWindow.objects.using(alias).filter(user_id=str(user.pk))),
            "keys": delete(models.IdempotencyKey.objects.using(alias).filter(user_id=str(user.pk))),
            "log rows": log.update(**audit.ERASED),
        }


def export(user):
    """What is kept of a user, as JSON's types."""
    alias = publishing.store()
    chats = models.Chat.objects.using(alias).filter(owner=user).order_by("id")
    log = models.QueryLog.objects.using(alias).filter(user_id=str(user.pk)).order_by("id")
    requests = log.values_list("request_id", flat=True)
    messages = models.Message.objects.using(alias).filter(chat__owner=user).order_by("id")
    return {
        "user": {"id": str(user.pk), "name": user.get_username()},
        "chats": list(chats.values("id", "title", "created_at", "updated_at")),
        "messages": list(messages.values("id", "chat_id", "role", "content", "snippet", "result", "created_at")),
        "favourites": list(
            models.Favorite.objects.using(alias).filter(owner=user).values("title", "question", "snippet", "created_at")
        ),
        "thumbs": list(
            models.Feedback.objects.using(alias)
            .filter(owner=user)
            .values("message_id", "value", "reason", "created_at")
        ),
        "log": list(log.values()),
        "calls": list(models.ModelCall.objects.using(alias).filter(request_id__in=requests).values()),
    }


def maintain(alias):
    """Until the transaction's end the log may be changed: its trigger lets through what says this."""
    connection = connections[alias]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ai_assistant.maintenance = 'on'")


def forget(chats):
    """Django cascades to messages, events and thumbs; favourites stay."""
    count = chats.count()
    chats.delete()
    return count


def delete(rows):
    return rows.delete()[0]
