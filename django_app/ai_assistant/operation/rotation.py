"""Seals and signs anew, with the first of the site's secrets, what an older one sealed and signed.

What no secret of the site has signed is left alone: signing it would vouch for what somebody else wrote.
"""

from .. import publishing, secrets
from ..models import AIConfig, Manifest, Policy

FORGED = "not signed by this site"


def rotate():
    """[(what, why it was left alone, or nothing)]"""
    return [*published(Manifest, "manifest"), *published(Policy, "policy"), *config()]


def published(model, kind):
    for row in model.objects.using(publishing.store()):
        name = f"{kind} {row.fingerprint[:12]}"
        if not secrets.verify(kind, row.fingerprint, row.body, row.hmac):
            yield name, f"{FORGED}: manage.py ormc_manifest --publish"
            continue
        row.hmac = secrets.sign(kind, row.fingerprint, row.body)
        row.save(update_fields=["hmac"])
        yield name, ""


def config():
    for row in AIConfig.objects.using(publishing.store()):
        if row.body != row.canonical() or not secrets.verify("config", str(row.pk), row.body, row.hmac):
            yield "settings", f"{FORGED}: look at them in AI Assistant -> Settings and save"
            continue
        try:
            row.set_api_key(row.open_api_key())
        except secrets.Unreadable as error:
            yield "settings", f"the key was sealed with {error}, which is not here: enter the key again"
            continue
        row.save()
        yield "settings", ""
