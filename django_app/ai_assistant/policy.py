"""The policy in force: the secret fields that every site hides, and what this site's settings change."""

import hashlib

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import router

from . import admin_rules, conf, rights
from .manifest import canonical

FORMAT = 1
# Literal names, as app.Model or app.Model.field; those of apps that are not installed are left out.
# The compiler has the same list (compiler/policy/default_hidden.cpp) and the assistant's own tables besides.
SECRET = [
    "account.EmailConfirmation",
    "ai_assistant.AIConfig",
    "ai_assistant.Chat",
    "ai_assistant.Favorite",
    "ai_assistant.Feedback",
    "ai_assistant.GlossaryTerm",
    "ai_assistant.IdempotencyKey",
    "ai_assistant.Job",
    "ai_assistant.LogSeal",
    "ai_assistant.Manifest",
    "ai_assistant.Message",
    "ai_assistant.ModelCall",
    "ai_assistant.Policy",
    "ai_assistant.QueryLog",
    "ai_assistant.RateWindow",
    "ai_assistant.StreamEvent",
    "ai_assistant.VerifiedQuery",
    "auditlog.LogEntry.changes",
    "auditlog.LogEntry.changes_text",
    "auditlog.LogEntry.serialized_data",
    "auth.User.password",
    "authtoken.Token",
    "authtoken.TokenProxy",
    "axes.AccessAttempt.get_data",
    "axes.AccessAttempt.post_data",
    "django_mfa2.User_Keys",
    "django_rest_passwordreset.ResetPasswordToken",
    "easyaudit.CRUDEvent.changed_fields",
    "easyaudit.CRUDEvent.object_json_repr",
    "knox.AuthToken",
    "mfa.Authenticator",
    "mozilla_django_oidc.Token",
    "oauth2_provider.AccessToken",
    "oauth2_provider.Application.client_secret",
    "oauth2_provider.Grant",
    "oauth2_provider.IDToken",
    "oauth2_provider.RefreshToken",
    "oidc_provider.Client.client_secret",
    "oidc_provider.Code",
    "oidc_provider.RSAKey",
    "oidc_provider.Token",
    "otp_email.EmailDevice",
    "otp_hotp.HOTPDevice",
    "otp_static.StaticDevice",
    "otp_static.StaticToken",
    "otp_totp.TOTPDevice",
    "otp_twilio.TwilioSMSDevice",
    "otp_webauthn.WebAuthnCredential",
    "otp_yubikey.RemoteYubikeyDevice",
    "otp_yubikey.ValidationService",
    "otp_yubikey.YubikeyDevice",
    "phonenumber.PhoneDevice",
    "rest_framework_api_key.APIKey",
    "reversion.Version.serialized_data",
    "sessions.Session",
    "silk.Request",
    "silk.Response",
    "silk.SQLQuery",
    "social_django.Association",
    "social_django.Code",
    "social_django.Nonce",
    "social_django.Partial",
    "social_django.UserSocialAuth.extra_data",
    "socialaccount.SocialAccount.extra_data",
    "socialaccount.SocialApp.key",
    "socialaccount.SocialApp.secret",
    "socialaccount.SocialApp.settings",
    "socialaccount.SocialToken",
    "token_blacklist.BlacklistedToken",
    "token_blacklist.OutstandingToken",
    "two_factor.PhoneDevice",
    "usersessions.UserSession",
]
LIMITS = {"max_rows": 100}


def installed(name):
    """Whether the project has the model, or the field, of that name: the compiler refuses others."""
    app, model, *field = name.split(".")
    try:
        found = apps.get_model(app, model)
        for one in field:
            found._meta.get_field(one)
    except (LookupError, FieldDoesNotExist):
        return False
    return True


def elsewhere():
    """Labels of models that the router reads from another database: the one that is asked does not have their rows."""
    alias = conf.get("DATABASE")
    return {model._meta.label for model in rights.models() if router.db_for_read(model) != alias}


def secret_names():
    return {*SECRET, f"{settings.AUTH_USER_MODEL}.password"}


def build():
    hidden = {*filter(installed, secret_names()), *admin_rules.hidden(), *conf.get("HIDDEN")}
    rows = admin_rules.rows()
    groups = [dict(entry) for entry in conf.get("AGGREGATES_ONLY")]
    return {
        "format": FORMAT,
        "default_hidden": not conf.get("SHOWN"),
        "hidden": sorted((hidden - set(conf.get("SHOWN"))) | elsewhere()),
        "masked": sorted((dict(mask) for mask in conf.get("MASKED")), key=lambda mask: mask["field"]),
        **({"rows": rows} if rows else {}),
        **({"aggregates_only": groups} if groups else {}),
        **({"told": dict(conf.get("TOLD"))} if conf.get("TOLD") else {}),
        **({} if conf.get("REGEX") else {"regex": False}),
        "limits": {**LIMITS, **conf.get("LIMITS")},
    }


def fingerprint(text):
    return hashlib.sha256(text.encode()).hexdigest()


def text():
    return canonical(build())


def words_of(kind, entry):
    """An entry of `masked`, `rows` or `aggregates_only`, as people read it."""
    groups = [f"group {name}" for name in entry.get("groups", ())]
    whom = [*(["superusers"] if entry.get("superusers") else []), *groups]
    return f"{what_of(kind, entry)} for {' and '.join(whom) or 'everybody'}"


def what_of(kind, entry):
    if kind == "rows":
        return f"rows {entry['where']}"
    if kind == "aggregates_only":
        return groups_words(entry.get("smallest_group"))
    return entry["how"] if entry["how"] in ("shown", "hidden") else f"masked ({entry['how']})"


def groups_words(smallest):
    return f"aggregates over {smallest} rows or more" if smallest else "its rows"


def names_somebody(entry):
    return bool(entry.get("superusers") or entry.get("groups"))


def entries_of(found, kind, label):
    """Those of `rows` or `aggregates_only` for a model."""
    return [entry for entry in found.get(kind, ()) if entry["model"] == label]


def masks_of(found, label, field):
    """Those of `masked` for a column, named by the model on whose table it is or by one that inherits it."""
    names = {f"{model}.{field['name']}" for model in (label, field["model"])}
    return [entry for entry in found.get("masked", ()) if entry["field"] in names]


def entry_for(entries, superuser, groups):
    """The first that concerns somebody, or None."""
    for entry in entries:
        superusers = superuser and entry.get("superusers")
        if not names_somebody(entry) or superusers or set(groups) & set(entry.get("groups", ())):
            return entry
    return None


def how_shown(entries, superuser, groups):
    """How a field with these entries of `masked` is shown to somebody."""
    if not entries:
        return "shown"
    entry = entry_for(entries, superuser, groups)
    return entry["how"] if entry else "fixed"


def smallest_group(entries, superuser, groups):
    """Of how many rows an aggregate is made for somebody; None where they see rows."""
    entry = entry_for(entries, superuser, groups)
    if entry or not entries:
        return entry and entry.get("smallest_group")
    return max(one.get("smallest_group", 0) for one in entries)
