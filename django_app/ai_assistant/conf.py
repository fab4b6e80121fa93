"""The site's settings: AI_ASSISTANT over the environment over the file of secrets over the defaults."""

import os
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from . import limits
from .operation import environment

DEFAULT_LISTEN = "127.0.0.1:8600"
DEFAULTS = {
    "ENABLED": True,
    "DATABASE": "default",
    "ORMD_URL": None,  # None: where ORMD_LISTEN says, as runserver does for the ormd that it starts
    "ORMD": None,  # the program; None: the wheel's or the one on PATH; False: runserver starts none
    "ENV_FILE": None,  # the file of secrets; None: while DEBUG is on, .ormd/env in BASE_DIR
    "API_BASE": None,  # where the browser finds ormd; None: the app's own pass-through under api/
    "SECRET": None,
    "SECRETS": None,
    "TOKEN_KEYS": None,
    "ASK_PERMISSION": False,
    "PASTE_PERMISSION": False,  # pasting needs ai_assistant.paste_snippet
    "PASS_THROUGH": None,  # None: while DEBUG is on
    "READER_ROLE": "ormc_reader",
    "STORE_ROLE": "ormc_store",
    "ADMIN_ROWS": {},  # {"app.Model": "same"}: its ModelAdmin's overrides take no row and no column away
    "ROWS": [],  # [{"model": "app.Model", "where": "Q(owner_id=user.id)"}]: whose rows a user sees
    "HIDDEN": [],
    "SHOWN": [],
    "MASKED": [],
    "AGGREGATES_ONLY": [],  # [{"model": "app.Model", "smallest_group": 10}]: its rows are not seen, larger groups are
    "TOLD": {},  # {"except": ["app.Model.field"], "choices": False}: what the language model is not told
    "REGEX": True,
    "LIMITS": {},
    "CHAT_DAYS": 180,  # of chats nobody wrote in, their messages, events and thumbs
    "LOG_DAYS": 365,
    "CALL_DAYS": 30,  # of what was sent to the model
}


def get(name):
    site = getattr(settings, "AI_ASSISTANT", None) or {}
    if name in site:
        return site[name]
    if name.lower() in site:  # `enabled: False` reads as well as `ENABLED`
        return site[name.lower()]
    return DEFAULTS[name]


def unknown():
    """[(name, hint)] of settings that nothing reads."""
    site = getattr(settings, "AI_ASSISTANT", None) or {}
    known = {*DEFAULTS, *map(str.lower, DEFAULTS)}
    return [(name, limits.nearest(str(name).upper(), DEFAULTS)) for name in site if name not in known]


def enabled():
    return bool(get("ENABLED"))


def env_file():
    """The path of the file of secrets, or None: in production only where the site names one."""
    named = get("ENV_FILE")
    if named:
        return Path(named)
    if not settings.DEBUG:
        return None
    return Path(getattr(settings, "BASE_DIR", "."), environment.FOLDER, environment.NAME)


def variable(name):
    """A variable of the environment, else of the file of secrets, else None."""
    if os.environ.get(name):
        return os.environ[name]
    path = env_file()
    try:
        return environment.read(path).get(name) if path else None
    except (OSError, ValueError) as error:
        # Going on with another secret than ormd's would only show later, as rows that it refuses.
        raise ImproperlyConfigured(f"{path} cannot be read: {error}") from error


def token_keys():
    """{kid: secret}, the first of which signs."""
    keys = get("TOKEN_KEYS")
    if keys:
        return dict(keys)
    key = variable("ORMC_TOKEN_KEY")
    return {"k1": key} if key else {}


def ormd_url():
    """Where Django finds ormd."""
    return get("ORMD_URL") or f"http://{variable('ORMD_LISTEN') or DEFAULT_LISTEN}"
