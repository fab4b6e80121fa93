"""Whether the provider takes key and model: `ormd` is asked, as it is who will use them."""

import http.client

from django.contrib import messages
from django.utils.translation import gettext as _

from .. import conf, tokens
from . import process

PATH = "/ai-assistant/api/settings/check"
SECONDS = 20  # ormd waits for the provider for fifteen


def ask(url, user):
    """{"ok", "message", "hint"} as ormd says it; its problems in the same form."""
    status, said = process.get(url, PATH, timeout=SECONDS, Authorization=f"Bearer {tokens.make(user)}")
    if not isinstance(said, dict):
        return {"ok": False, "message": f"HTTP {status}", "hint": ""}
    return said if status == 200 else {"ok": False, "message": said.get("title", ""), "hint": said.get("detail", "")}


def check(user):
    """(level, words) for the admin's message."""
    try:
        said = ask(conf.ormd_url(), user)
    except tokens.NoKey:
        return messages.ERROR, _("The site has no key for the assistant's tokens.")
    except (OSError, http.client.HTTPException):
        return messages.ERROR, _("The assistant's server cannot be reached.")
    return messages.SUCCESS if said["ok"] else messages.ERROR, f"{said['message']} {said['hint']}".strip()
