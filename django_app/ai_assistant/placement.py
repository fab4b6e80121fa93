"""The drawer's three tags for a page: style sheet, script and the element that tells the script about the site.

There is no inline script or style, so that a strict content security policy holds.
"""

import functools
import json

from django.apps import apps
from django.conf import settings
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join

from . import conf
from .views import may_ask

MARK = "_ai_assistant_placed"
KEY = "__pk__"
# In this order: a later sheet beats an earlier one.
STYLES = (
    "page",
    "frame",
    "head",
    "chats",
    "thread",
    "values",
    "table",
    "how",
    "failure",
    "pending",
    "welcome",
    "composer",
    "other_eyes",
)
OWN_APP = "ai_assistant"  # never in an answer


def wanted(request):
    """Whether this user gets the drawer on an admin page."""
    user = getattr(request, "user", None)
    return conf.enabled() and user is not None and may_ask(user) and "_popup" not in request.GET


def head():
    sheets = ((static(f"ai_assistant/drawer/{name}.css"),) for name in STYLES)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', sheets)


def body(request):
    attributes = {
        "token-url": reverse("ai_assistant:token"),
        "api-base": api_base(),
        "csrf-cookie": settings.CSRF_COOKIE_NAME,
        "csrf-token": get_token(request),
        "lang": translation.get_language() or "en",
        "time-zone": timezone.get_current_timezone_name(),
        "user": str(request.user.pk),
        "change-urls": json.dumps(change_urls(request), separators=(",", ":"), sort_keys=True),
        **admin_urls(request),
    }
    data = format_html_join("", ' data-{}="{}"', attributes.items())
    return format_html(
        '<div id="ai-assistant"{}></div><script src="{}"></script><script type="module" src="{}"></script>',
        data,
        reverse("ai_assistant:jsi18n"),
        static("ai_assistant/drawer/main.js"),
    )


def api_base():
    return conf.get("API_BASE") or reverse("ai_assistant:api", args=["x"])[: -len("/x")]


def site_of(request):
    """The admin site that shows this page; the default one elsewhere."""
    if not apps.is_installed("django.contrib.admin"):
        return None
    from django.contrib.admin import sites

    match = getattr(request, "resolver_match", None)
    namespace = match.namespace if match else ""
    found = [site for site in sites.all_sites if site.name == namespace]
    return found[0] if found else sites.site


def admin_urls(request):
    site = site_of(request)
    if site is None:
        return {}
    found = {}
    try:
        found["login-url"] = reverse("admin:login", current_app=site.name)
        if request.user.is_superuser:
            found["settings-url"] = reverse("admin:ai_assistant_aiconfig_changelist", current_app=site.name)
    except NoReverseMatch:
        pass
    return found


def change_urls(request):
    """{label: address of a record's page, with __pk__ for its key} of what the user may open and ask about."""
    site = site_of(request)
    if site is None:
        return {}
    templates = url_templates(site, get_urlconf(), get_script_prefix(), translation.get_language())
    return {
        model._meta.label: templates[model]
        for model, model_admin in site._registry.items()
        if model in templates
        and model._meta.app_label != OWN_APP
        and model_admin.has_view_or_change_permission(request)
    }


@functools.lru_cache(maxsize=32)
def url_templates(site, urlconf, prefix, language):
    """Asked of the resolver, so that prefixes, SCRIPT_NAME and i18n_patterns are right; the same for all users."""
    found = {}
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        try:
            found[model] = reverse(name, args=[KEY], urlconf=urlconf, current_app=site.name)
        except NoReverseMatch:
            continue
    return found
