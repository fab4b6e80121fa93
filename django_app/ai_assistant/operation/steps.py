"""What must be so before a question can be answered: a row a step, in the order in which they depend on each other.

A step's function gives nothing, or the Finding that is in the way of the steps after it.
"""

from dataclasses import dataclass
from typing import Callable, Optional

from django.core import checks
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from .. import conf, manifest, policy, publishing, secrets
from . import access, process, roles

TAG = "ai_assistant"
OLDEST_POSTGRESQL = 130000
KEY_CHECKS = ("ai_assistant.W004", "ai_assistant.E003", "ai_assistant.E005")
HARMLESS_CHECKS = ("ai_assistant.W002", "ai_assistant.W005")  # the rest can be asked about all the same
SHOWN = 3


@dataclass(frozen=True)
class Finding:
    what: str
    todo: str
    stops: bool = True
    """False: questions are answered all the same, only not all of them."""


@dataclass(frozen=True)
class Step:
    name: str
    title: str
    examine: Callable[[], Optional[Finding]]

    def look(self):
        """What is in the way, whatever went wrong in looking: a doctor does not fall ill."""
        try:
            return self.examine()
        except process.CannotStart as error:
            return Finding(error.what, error.todo)
        except Exception as error:  # noqa: BLE001
            first = (str(error).strip() or type(error).__name__).splitlines()[0]
            return Finding(f"{type(error).__name__}: {first}", "mend this, then run the command again")


def some(sentences):
    shown = "; ".join(sentences[:SHOWN])
    return shown if len(sentences) <= SHOWN else f"{shown}; and {len(sentences) - SHOWN} more"


def of_checks(wanted):
    for found in checks.run_checks(tags=[TAG]):
        if found.level >= checks.WARNING and found.id not in HARMLESS_CHECKS and wanted(found.id):
            return Finding(found.msg, found.hint or "manage.py check")
    return None


def settings_step():
    return of_checks(lambda name: name not in KEY_CHECKS)


def secrets_step():
    return of_checks(lambda name: name in KEY_CHECKS)


def database_step():
    for alias in dict.fromkeys([conf.get("DATABASE"), publishing.store()]):
        connection = connections[alias]
        try:
            connection.ensure_connection()
        except DatabaseError as error:
            said = str(error).strip().splitlines()[0]
            return Finding(f"database {alias!r} cannot be reached: {said}", f"start it, or mend DATABASES[{alias!r}]")
        if connection.vendor == "postgresql" and connection.pg_version < OLDEST_POSTGRESQL:
            version = connection.pg_version // 10000
            return Finding(f"database {alias!r} is PostgreSQL {version}", "use PostgreSQL 13 or later")
    return None


def tables_step():
    executor = MigrationExecutor(connections[publishing.store()])
    plan = executor.migration_plan([key for key in executor.loader.graph.leaf_nodes() if key[0] == TAG])
    if not plan:
        return None
    return Finding(f"{len(plan)} migrations are not applied", "manage.py migrate ai_assistant")


def roles_step():
    for role in roles.ROLES:
        row = roles.row(role)
        if row is None:
            return Finding(f"the role {role.name} does not exist", "manage.py ai_assistant_setup prints the SQL")
        excess = [word for attribute, word in roles.TOO_MUCH.items() if row[attribute]]
        if excess:
            todo = f"ALTER ROLE {role.name} {' '.join('NO' + word for word in excess)};"
            return Finding(f"the role {role.name} is {' and '.join(excess)}", todo)
        member_of = roles.dangerous(role)
        if member_of:
            named = ", ".join(member_of)
            return Finding(f"the role {role.name} is a member of {named}", f"REVOKE {named} FROM {role.name};")
        if not row["rolcanlogin"]:
            return Finding(f"the role {role.name} may not log in", f"ALTER ROLE {role.name} LOGIN PASSWORD '...';")
        # In production only ormd knows it.
        why = role.dsn and roles.why_unreachable(role, role.dsn)
        if why:
            return Finding(f"{role.variable} does not connect: {why}", f"mend {role.variable}, or pg_hba.conf")
    return None


def grants_step():
    wrong = access.all_wrong()
    return Finding(some(wrong), "manage.py ormc_grants --apply") if wrong else None


def published_step():
    from ..models import Manifest, Policy

    wanted = (
        (Manifest, "manifest", manifest.build()["fingerprint"]),
        (Policy, "policy", policy.fingerprint(policy.text())),
    )
    for model, kind, fingerprint in wanted:
        newest = model.objects.using(publishing.store()).order_by("-created_at", "-id").first()
        publish = "manage.py ormc_manifest --publish"
        if newest is None:
            return Finding(f"no {kind} is published", publish)
        if newest.fingerprint != fingerprint:
            return Finding(f"the published {kind} is not that of this code", publish)
        if not secrets.verify(kind, newest.fingerprint, newest.body, newest.hmac):
            return Finding(f"the published {kind} was signed with another secret", publish)
    return None


STEPS = (
    Step("settings", "INSTALLED_APPS, MIDDLEWARE, urls", settings_step),
    Step("secrets", "the keys that Django and ormd share", secrets_step),
    Step("database", "PostgreSQL answers", database_step),
    Step("tables", "the assistant's tables", tables_step),
    Step("roles", "ormd's two roles", roles_step),
    Step("grants", "what the roles may read and write", grants_step),
    Step("published", "manifest and policy of this code", published_step),
)
