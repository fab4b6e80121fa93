"""The two views of the assistant: the token, and for development the way through to ormd."""

from django.http import Http404, JsonResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from . import conf, passthrough, tokens
from .problems import problem, uncached


def may_ask(user):
    """Active staff; where the site asks for it, with the permission too."""
    if not (user.is_active and user.is_staff):
        return False
    return not conf.get("ASK_PERMISSION") or user.has_perm("ai_assistant.ask")


@csrf_protect
@require_POST
def token(request):
    if not conf.enabled():
        raise Http404
    if not request.user.is_authenticated:
        return problem(401, "signed-out", "You are signed out.")
    if not may_ask(request.user):
        return problem(403, "not-staff", "The assistant is for staff.")
    try:
        made = tokens.make(request.user)
    except tokens.NoKey:
        return problem(503, "no-token-key", "The site has no key for the assistant's tokens.")
    return uncached(JsonResponse({"token": made, "expires_in": tokens.LIFETIME}))


@csrf_exempt  # No cookie is read here: the token in the header says who asks, and ormd checks it.
def api(request, rest):
    if not conf.enabled() or not passthrough.allowed():
        raise Http404
    return passthrough.forward(request, rest)
