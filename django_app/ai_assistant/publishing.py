"""Keeps manifest and policy as signed rows for ormd: after migrations and by `ormc_manifest --publish`."""

import json

from django.db import router, transaction

from . import conf, manifest, policy, secrets

KEPT = 5


def publish(built=None):
    """Publishes what is not there yet; the row in force becomes the newest again. Gives the fingerprints."""
    built = built or manifest.build()
    policy_text = policy.text()
    with transaction.atomic(using=store()):
        keep("Manifest", "manifest", built["fingerprint"], manifest.written(built))
        keep("Policy", "policy", policy.fingerprint(policy_text), policy_text)
    return built["fingerprint"], policy.fingerprint(policy_text)


def store():
    """The alias where the assistant's own tables are."""
    from .models import Manifest

    return router.db_for_write(Manifest)


def keep(model_name, kind, fingerprint, body):
    from django.utils import timezone

    from . import models

    rows = getattr(models, model_name).objects.using(store())
    values = {"body": body, "hmac": secrets.sign(kind, fingerprint, body), "created_at": timezone.now()}
    rows.update_or_create(fingerprint=fingerprint, defaults=values)
    newest = rows.order_by("-created_at", "-id").values_list("pk", flat=True)[:KEPT]
    rows.exclude(pk__in=list(newest)).delete()


def published_labels(own):
    """True where the manifest `own` is published, else (fingerprint, labels) of the newest, or None."""
    from .models import Manifest

    rows = Manifest.objects.using(store())
    if rows.filter(fingerprint=own).exists():
        return True
    newest = rows.order_by("-created_at", "-id").first()
    if newest is None:
        return None
    return newest.fingerprint, labels_of(newest.fingerprint, newest.body)


def labels_of(fingerprint, body, known={}):  # noqa: B006 - one entry, kept between calls on purpose
    if fingerprint not in known:
        known.clear()
        known[fingerprint] = tuple(model["label"] for model in json.loads(body)["models"])
    return known[fingerprint]


def after_migrate(sender, using, plan=None, apps=None, **kwargs):
    """post_migrate: once per `migrate`, on the store's database, where the tables are."""
    if not conf.enabled() or using != store():
        return
    from django.db import connections

    from .models import Manifest, Policy

    tables = connections[using].introspection.table_names()
    if Manifest._meta.db_table in tables and Policy._meta.db_table in tables:
        publish()
