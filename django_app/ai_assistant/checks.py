"""System checks: what is wrong with the set-up, and the line that mends it."""

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import router
from django.urls import NoReverseMatch, reverse

from . import admin_rules, conf, limits

TAG = "ai_assistant"
MIDDLEWARE = "ai_assistant.middleware.AssistantMiddleware"
LEAST_KEY = 32
TENANT_ENGINES = ("django_tenants.", "tenant_schemas.")


def register():
    for check in (
        check_names,
        check_database,
        check_middleware,
        check_urls,
        check_keys,
        check_router,
        check_admin_rules,
    ):
        checks.register(check, TAG)


def check_names(app_configs, **kwargs):
    """A misspelt setting or limit would silently not hold."""
    if not conf.enabled():
        return []
    found = [
        checks.Error(f"AI_ASSISTANT has no setting {name!r}.", hint=hint, id="ai_assistant.E006")
        for name, hint in conf.unknown()
    ]
    return found + [
        checks.Error(
            f"AI_ASSISTANT['LIMITS']: {sentence}",
            hint="docs/policy.md has the limits of the policy; those of ormd are in AI Assistant -> Settings.",
            id="ai_assistant.E007",
        )
        for sentence in limits.wrong(conf.get("LIMITS"), limits.POLICY_BOUNDS)
    ]


def check_database(app_configs, **kwargs):
    if not conf.enabled():
        return []
    alias = conf.get("DATABASE")
    if alias not in settings.DATABASES:
        return [
            checks.Error(
                f"AI_ASSISTANT['DATABASE'] names {alias!r}, which is not in DATABASES.",
                hint="Name the alias of the database that questions are asked of.",
                id="ai_assistant.E001",
            )
        ]
    engine = settings.DATABASES[alias].get("ENGINE", "")
    if engine.startswith(TENANT_ENGINES):
        return [
            checks.Warning(
                f"Database {alias!r} keeps a schema per tenant.",
                hint="Questions are asked of the public schema only; models of tenants are refused.",
                id="ai_assistant.W002",
            )
        ]
    if "postg" not in engine.rpartition(".")[2]:
        return [
            checks.Warning(
                f"Database {alias!r} is not PostgreSQL: chats and settings work, questions cannot be answered.",
                hint="Name a PostgreSQL alias in AI_ASSISTANT['DATABASE'], or switch off with 'ENABLED': False.",
                id="ai_assistant.W001",
            )
        ]
    return []


def check_middleware(app_configs, **kwargs):
    if not conf.enabled() or MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        checks.Warning(
            "The assistant's middleware is not installed: no button appears in the admin.",
            hint=f"Add '{MIDDLEWARE}' to MIDDLEWARE, after any that encodes the response (GZipMiddleware); "
            "or place it with {% ai_assistant %} in a theme's template.",
            id="ai_assistant.W003",
        )
    ]


def check_urls(app_configs, **kwargs):
    if not conf.enabled():
        return []
    try:
        reverse("ai_assistant:token")
    except NoReverseMatch:
        return [
            checks.Error(
                "The assistant's URLs are not included.",
                hint='Add path("ai-assistant/", include("ai_assistant.urls")) to the root URLconf.',
                id="ai_assistant.E002",
            )
        ]
    return []


def check_keys(app_configs, **kwargs):
    if not conf.enabled():
        return []
    try:
        keys = conf.token_keys()
    except ImproperlyConfigured as error:
        return [
            checks.Error(
                str(error),
                hint="Let this user read AI_ASSISTANT['ENV_FILE']: KEY=value lines, as for systemd.",
                id="ai_assistant.E005",
            )
        ]
    if not keys:
        return [
            checks.Warning(
                "No key signs the assistant's tokens: the drawer cannot ask.",
                hint="Set AI_ASSISTANT['TOKEN_KEYS'] = {'k1': secret}, or ORMC_TOKEN_KEY in the environment, "
                "to 32 random characters or more; ormd needs the same. For development: "
                "manage.py ai_assistant_setup --dev",
                id="ai_assistant.W004",
            )
        ]
    return [
        checks.Error(
            f"The token key {kid!r} has fewer than {LEAST_KEY} bytes.",
            hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
            id="ai_assistant.E003",
        )
        for kid, secret in keys.items()
        if len(str(secret).encode()) < LEAST_KEY
    ]


def check_router(app_configs, **kwargs):
    """Models that live in another database are refused by name; that all do is surely a mistake."""
    if not conf.enabled():
        return []
    alias = conf.get("DATABASE")
    elsewhere = sorted(model._meta.label for model in apps.get_models() if router.db_for_read(model) != alias)
    if not elsewhere:
        return []
    shown = ", ".join(elsewhere[:5]) + (", ..." if len(elsewhere) > 5 else "")
    return [
        checks.Info(
            f"{len(elsewhere)} models are read from another database than {alias!r} and cannot be asked about: {shown}",
            id="ai_assistant.I001",
        )
    ]


def check_admin_rules(app_configs, **kwargs):
    """Rules that only a ModelAdmin's code knows: its model cannot be asked about until the site settles it."""
    if not conf.enabled():
        return []
    found = [
        checks.Warning(
            f"{label} cannot be asked about: {admin['class']} ({admin['file']}) has a rule for rows or columns "
            f"that is not known: {'; '.join(f'{name}: {why}' for name, why in admin['unknown'].items())}.",
            hint=f"Say whose rows a user sees: AI_ASSISTANT['ROWS'] = [{{'model': '{label}', "
            "'where': 'Q(owner_id=user.id)'}]; or, if whoever may view the model may read all that it has: "
            f"AI_ASSISTANT['ADMIN_ROWS'] = {{'{label}': 'same'}}.",
            id="ai_assistant.W005",
        )
        for label, admin in admin_rules.unknown_rules()
    ]
    for label, rule in sorted(conf.get("ADMIN_ROWS").items()):
        if rule != admin_rules.SAME or label not in {model._meta.label for model in apps.get_models()}:
            found.append(
                checks.Error(
                    f"AI_ASSISTANT['ADMIN_ROWS'] says {rule!r} of {label!r}.",
                    hint="It names models of this project, as app.Model, and says 'same' of each.",
                    id="ai_assistant.E004",
                )
            )
    return found
