"""The drawer's token: docs/contract/token.md."""

import base64
import functools
import time

from django.utils import timezone, translation

from . import conf, manifest, publishing, rights

AUDIENCE = "ormd"
LIFETIME = 300


class NoKey(Exception):
    """The site has no key to sign with."""


def make(user, now=None):
    import jwt

    keys = conf.token_keys()
    if not keys:
        raise NoKey
    kid, key = next(iter(keys.items()))
    token = jwt.encode(claims(user, int(now or time.time())), key, algorithm="HS256", headers={"kid": kid})
    return token if isinstance(token, str) else token.decode()


def claims(user, now):
    fingerprint, labels = published()
    allowed = set(labels) if user.is_superuser else set(rights.viewable(user))
    return {
        "aud": AUDIENCE,
        "sub": str(user.pk),
        "name": user.get_username(),
        "su": bool(user.is_superuser),
        "staff": True,
        "groups": rights.groups(user),
        "perms": [name for name in rights.OWN_PERMISSIONS if may(user, name)],
        "tz": timezone.get_current_timezone_name(),
        "lang": translation.get_language() or "en",
        "mfp": fingerprint,
        "view": base64.urlsafe_b64encode(rights.bits(labels, allowed)).decode().rstrip("="),
        "iat": now,
        "exp": now + LIFETIME,
    }


def may(user, permission):
    """What the site does not ask a permission for, everybody may."""
    free = permission == "paste_snippet" and not conf.get("PASTE_PERMISSION")
    return free or user.has_perm(f"ai_assistant.{permission}")


def published():
    """(fingerprint, sorted labels) of this process's manifest where it is published, else of the newest."""
    own = own_manifest()
    found = publishing.published_labels(own[0])
    return own if found is True else found or ("", own[1])


@functools.lru_cache(maxsize=1)
def own_manifest():
    """The models cannot change while a process runs."""
    built = manifest.build()
    return built["fingerprint"], tuple(model["label"] for model in built["models"])
