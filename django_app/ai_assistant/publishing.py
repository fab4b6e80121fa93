"""Keeps manifest and policy as signed rows for ormd: after migrations and by `ormc_manifest --publish`."""

from django.db import DatabaseError, router, transaction

from . import conf, manifest, policy, secrets

KEPT = 5


def publish(built=None):
    """Publishes what is not there yet; the row in force becomes the newest again. Gives the fingerprints."""
    built = built or manifest.build()
    policy_text = policy.text()
    with transaction.atomic(using=store()):
        keep("Manifest", "manifest", built["fingerprint"], manifest.canonical(built))
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


def current_fingerprint():
    """Of the newest manifest published, or None."""
    from .models import Manifest

    try:
        newest = Manifest.objects.using(store()).order_by("-created_at", "-id")
        return newest.values_list("fingerprint", flat=True).first()
    except DatabaseError:
        return None


def after_migrate(sender, using, plan=None, apps=None, **kwargs):
    """post_migrate: once per `migrate`, on the store's database, where the tables are."""
    if not conf.enabled() or using != store():
        return
    from django.db import connections

    from .models import Manifest, Policy

    tables = connections[using].introspection.table_names()
    if Manifest._meta.db_table in tables and Policy._meta.db_table in tables:
        publish()
