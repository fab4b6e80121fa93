"""The doctor's last steps: the rights that everybody has, `ormd` itself, and the provider behind it."""

from django.contrib.auth import get_user_model
from django.urls import NoReverseMatch, reverse

from .. import __version__, conf, hardening, manifest, policy, secrets
from . import process, provider
from .steps import Finding, Step

READY = {
    "reader": "mend ORMD_READER_DSN of ormd; its log says why it cannot connect",
    "store": "mend ORMD_STORE_DSN of ormd; its log says why it cannot connect",
    "manifest": "manage.py ormc_manifest --publish; ORMC_SECRET must be the same for Django and ormd",
}
UNTIL = "; until then pasted snippets and verified queries are answered"
NO_KEY = "enter a key in AI Assistant -> Settings" + UNTIL
# A project with an AdminSite of its own shows there only what it registers.
NO_PAGE = "set OPENAI_API_KEY for ormd, or show the settings: ai_assistant.admin.register(site) in an admin.py" + UNTIL


def ormd_step():
    with process.reachable() as url:
        try:
            status, said = process.get(url, "/readyz")
        except OSError as error:
            return Finding(f"ormd does not answer at {url}: {error}", "start ormd; docs/deployment.md says how")
    if status == 200:
        return versions_wrong(url, said.get("versions", {}) if isinstance(said, dict) else {})
    wrong = said.get("checks", {}) if isinstance(said, dict) else {}
    for name, value in wrong.items():
        if value != "ok":
            return Finding(f"ormd is not ready: {name}: {value}", READY.get(name, "see ormd's log"))
    return Finding(f"what answers at {url} is not ormd (HTTP {status})", "mend AI_ASSISTANT['ORMD_URL']")


def versions_wrong(url, versions):
    here = {"manifest": manifest.build()["fingerprint"], "policy": policy.fingerprint(policy.text())}
    for name, fingerprint in here.items():
        if versions.get(name, fingerprint) != fingerprint:
            return Finding(
                f"ormd at {url} serves another {name} than is published here",
                "it reads another database: compare ORMD_STORE_DSN with DATABASES",
            )
    if versions.get("ormd", __version__) != __version__:
        return Finding(
            f"ormd is {versions['ormd']}, the app {__version__}",
            "install both from one wheel, then restart ormd",
            stops=False,
        )
    return None


def hardened_step():
    functions, database = hardening.found(conf.get("DATABASE"))
    if not functions and not database:
        return None
    can = [f"run {len(functions)} functions such as {functions[0]}"] if functions else []
    can += ["make temporary tables"] if database else []
    return Finding(
        f"every role, the reader too, may {' and '.join(can)}",
        "level 2, if the database is this site's alone: manage.py ormc_grants --harden",
        stops=False,
    )


def provider_step():
    from ..models import AIConfig

    config = AIConfig.load()
    if not config.enabled:
        return Finding("switched off in AI Assistant -> Settings", "tick `enabled` there", stops=False)
    try:
        config.open_api_key()
    except secrets.Unreadable:
        return Finding(
            "the stored key was sealed with a secret that is not here",
            "enter the key again in AI Assistant -> Settings",
        )
    if not (config.api_key or conf.variable("OPENAI_API_KEY") or conf.variable("OPENAI_BASE_URL")):
        return Finding("no provider's key", NO_KEY if settings_page() else NO_PAGE, stops=False)
    user = asker()
    if user is None:
        return Finding("not tried: there is no active superuser", "manage.py createsuperuser", stops=False)
    with process.reachable() as url:
        said = provider.ask(url, user)
    return None if said["ok"] else Finding(said["message"], said["hint"] or "see ormd's log")


def settings_page():
    try:
        return reverse("admin:ai_assistant_aiconfig_changelist")
    except NoReverseMatch:
        return None


def asker():
    """A superuser whose name the commands' own questions go by."""
    users = get_user_model()._default_manager.filter(is_superuser=True, is_active=True)
    return users.order_by("pk").first()


STEPS = (
    Step("level 2", "what PostgreSQL lets everybody do", hardened_step),
    Step("ormd", "the server answers and is ready", ormd_step),
    Step("provider", "the model's key", provider_step),
)
