"""The chain over the log: whoever changes, drops or slips in a closed row of it is found, erased texts or not.

Each link is SHA-256(the link before it + canonical JSON of a row's digests). What may be erased (who asked, question,
snippet, detail) is in a digest whose key goes with the text; all else is in a digest of its own, which stays true.
Links outlive the rows that are pruned. Whoever may rewrite the whole chain is found by a head that is kept elsewhere.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from datetime import timezone as zones

from django.db import connections, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from . import conf, publishing
from .manifest import canonical
from .models import LogSeal, QueryLog

GENESIS = "0" * 64
TEXTS = ("user_id", "username", "question", "snippet", "error_detail")
ERASED = {"user_id": "erased", "username": "", "question": "", "snippet": None, "error_detail": ""}
BATCH = 1000


def values(row, names):
    return {name: None if getattr(row, name) is None else str(getattr(row, name)) for name in names}


def facts_of(row):
    names = [field.attname for field in QueryLog._meta.concrete_fields if field.name not in TEXTS]
    found = {**values(row, names), "created_at": instant(row.created_at)}
    return hashlib.sha256(canonical(found).encode()).hexdigest()


def texts_of(row, salt):
    return hmac.new(bytes.fromhex(salt), canonical(values(row, TEXTS)).encode(), hashlib.sha256).hexdigest()


def instant(moment):
    """The same whatever zone the connection has."""
    return moment.astimezone(zones.utc).isoformat()


def link(previous, seal):
    body = {"row": seal.row_id, "at": instant(seal.row_at), "facts": seal.facts, "texts": seal.texts}
    return hashlib.sha256(f"{previous}\n{canonical(body)}".encode()).hexdigest()


def unsealed(alias):
    """Rows of questions that have ended: the rest may still be joined by another."""
    log = QueryLog.objects.using(alias)
    ended = log.filter(request_id=OuterRef("request_id"), phase=QueryLog.Phase.ENDED)
    sealed = LogSeal.objects.using(alias).filter(row_id=OuterRef("pk"))
    return log.filter(~Exists(sealed), Exists(ended)).order_by("id")


def head(alias=None):
    return LogSeal.objects.using(alias or publishing.store()).order_by("-id").first()


def seal():
    """Chains what has ended since; the number of rows."""
    alias = publishing.store()
    count = 0
    while True:
        with transaction.atomic(using=alias):
            alone(alias)
            last = head(alias)
            previous = last.digest if last else GENESIS
            made = []
            for row in unsealed(alias)[:BATCH]:
                salt = secrets.token_hex(32)
                one = LogSeal(row_id=row.pk, row_at=row.created_at, salt=salt, facts=facts_of(row))
                one.texts = texts_of(row, salt)
                previous = one.digest = link(previous, one)
                made.append(one)
            LogSeal.objects.using(alias).bulk_create(made)
        count += len(made)
        if len(made) < BATCH:
            return count


def alone(alias):
    """One sealer at a time, until the transaction's end; readers go on."""
    if connections[alias].vendor == "postgresql":
        with connections[alias].cursor() as cursor:
            cursor.execute("LOCK TABLE ai_assistant_logseal IN SHARE ROW EXCLUSIVE MODE")


def forget(alias, rows):
    """The keys of texts that are erased or pruned: under maintenance only."""
    LogSeal.objects.using(alias).filter(row_id__in=rows).update(salt="")


def verify(known_head=None):
    """({"links": , "pruned": , "erased": }, sentences about what is wrong)"""
    alias = publishing.store()
    kept_since = timezone.now() - timedelta(days=conf.get("LOG_DAYS"))
    previous, counts, wrong = GENESIS, {"links": 0, "pruned": 0, "erased": 0}, []
    heads = set()
    for chunk in chunks(LogSeal.objects.using(alias).order_by("id")):
        rows = QueryLog.objects.using(alias).in_bulk([one.row_id for one in chunk])
        for one in chunk:
            counts["links"] += 1
            if link(previous, one) != one.digest:
                wrong.append(f"the chain breaks at link {one.pk} (log row {one.row_id})")
            previous = one.digest
            heads.add(str(one))
            row = rows.get(one.row_id)
            if row is None:
                counts["pruned"] += 1
                if one.row_at >= kept_since:
                    wrong.append(f"log row {one.row_id} of {instant(one.row_at)} is gone, and is not old enough")
                continue
            counts["erased"] += not one.salt
            wrong += [f"log row {one.row_id}: {why}" for why in changes(row, one)]
    if known_head and known_head not in heads:
        wrong.append(f"the head {known_head} is not in the chain: it was made anew, or cut")
    return counts, wrong


def changes(row, one):
    if facts_of(row) != one.facts:
        yield "its facts were changed"
    same = texts_of(row, one.salt) == one.texts if one.salt else values(row, TEXTS) == ERASED
    if not same:
        yield "its texts were changed"


def chunks(rows):
    last = 0
    while True:
        chunk = list(rows.filter(pk__gt=last)[:BATCH])
        if not chunk:
            return
        yield chunk
        last = chunk[-1].pk
