"""The site's settings: AI_ASSISTANT over the environment over the defaults."""

import os

from django.conf import settings

DEFAULTS = {
    "ENABLED": True,
    "DATABASE": "default",
    "ORMD_URL": "http://127.0.0.1:8600",
    "API_BASE": None,  # where the browser finds ormd; None: the app's own pass-through under api/
    "SECRET": None,
    "TOKEN_KEYS": None,
    "ASK_PERMISSION": False,
    "PASS_THROUGH": None,  # None: while DEBUG is on
    "READER_ROLE": "ormc_reader",
    "STORE_ROLE": "ormc_store",
    "HIDDEN": [],
    "SHOWN": [],
    "MASKED": [],
    "LIMITS": {},
}


def get(name):
    site = getattr(settings, "AI_ASSISTANT", None) or {}
    if name in site:
        return site[name]
    if name.lower() in site:  # `enabled: False` reads as well as `ENABLED`
        return site[name.lower()]
    return DEFAULTS[name]


def enabled():
    return bool(get("ENABLED"))


def token_keys():
    """{kid: secret}, the first of which signs."""
    keys = get("TOKEN_KEYS")
    if keys:
        return dict(keys)
    from_environment = os.environ.get("ORMC_TOKEN_KEY")
    return {"k1": from_environment} if from_environment else {}
