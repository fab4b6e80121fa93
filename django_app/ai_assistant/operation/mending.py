"""What `ai_assistant_setup` says for each step, and what it does with --dev."""

import io
import secrets as random
from dataclasses import dataclass
from typing import Callable, Optional

from django.core.management import call_command
from django.db import DatabaseError, connections

from .. import conf, publishing, secrets
from . import environment, roles
from .process import PROVIDER

KEY_BYTES = 48
KEY_COMMAND = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"


class CannotMend(Exception):
    """With what a person has to do."""


@dataclass(frozen=True)
class Mend:
    by_hand: Callable[[], str]
    do: Optional[Callable[[bool], None]] = None
    """None where only a person can. Is told whether roles get new passwords."""
    unfinished: Callable[[], bool] = lambda: False
    """Whether development needs more than the step's own look asks for."""


def secrets_by_hand():
    return (
        "In the environment of Django and of ormd, or in the file that AI_ASSISTANT['ENV_FILE'] names:\n"
        f"ORMC_TOKEN_KEY=   each its own: {KEY_COMMAND}\n"
        "ORMC_SECRET="
    )


def make_secrets(new_passwords):
    """The secret in force stays: rows are signed with it."""
    made = {}
    if not (conf.get("SECRET") or conf.get("SECRETS") or conf.variable("ORMC_SECRETS")):
        made["ORMC_SECRET"] = secrets.secret()
    if not conf.token_keys():
        made["ORMC_TOKEN_KEY"] = random.token_urlsafe(KEY_BYTES)
    environment.write(conf.env_file(), made)


def roles_by_hand():
    lines = ["The owner of the database, or another role that may create roles, runs:"]
    for role in roles.ROLES:
        if roles.row(role) is None:
            lines.append(f"CREATE ROLE {role.name} LOGIN {roles.ATTRIBUTES} PASSWORD '...';")
    lines.append("In the environment of ormd, with those passwords:")
    for role in roles.ROLES:
        site = connections[role.alias].settings_dict
        place = site.get("HOST") or "127.0.0.1", site.get("PORT") or "5432", site["NAME"]
        lines.append(f"{role.variable}={roles.dsn(role.name, 'PASSWORD', *place)}")
    return "\n".join(lines)


def make_roles(new_passwords):
    needed = [sql for role in roles.ROLES for sql in make_role(role, new_passwords)]
    if needed:
        raise CannotMend(
            "This database user may not create roles. Ask its owner to run these (they hold no password, only what\n"
            "proves it), then run this command again:\n" + "\n".join(f"{sql};" for sql in needed)
        )


def make_role(role, new_passwords):
    """Makes the role and its connection string; gives the SQL that another has to run, where this user may not."""
    exists = roles.row(role) is not None
    if exists and not new_passwords:
        if role.dsn is None:
            raise CannotMend(
                f"The role {role.name} exists, and its password is not known here. Put {role.variable} into\n"
                f"{conf.env_file()}, or name another role in AI_ASSISTANT['{role.setting}'], or say --new-passwords\n"
                "(whatever uses the role now must then be told)."
            )
        settle(role, role.dsn)
        return []
    text = role.dsn if role.dsn and not exists else roles.new_dsn(role)
    sql = roles.create_statement(role, roles.password_of(text), exists)
    if not roles.may_create(role.alias):
        environment.write(conf.env_file(), {role.variable: text})
        return [sql]
    with connections[role.alias].cursor() as cursor:
        cursor.execute(sql)
    settle(role, text)
    return []


def settle(role, text):
    """Keeps the connection string that connects."""
    environment.write(conf.env_file(), {role.variable: text})
    why = roles.why_unreachable(role, text)
    if why is None:
        return
    other = roles.by_network(text)
    if other is None or roles.why_unreachable(role, other):
        raise CannotMend(f"{role.variable} does not connect: {why}\nSee PostgreSQL's pg_hba.conf, or --new-passwords.")
    environment.write(conf.env_file(), {role.variable: other})


def command(*arguments):
    def do(new_passwords):
        call_command(*arguments, verbosity=0, stdout=io.StringIO(), stderr=io.StringIO())

    return Mend(lambda: "manage.py " + " ".join(arguments), do)


def migrate(new_passwords):
    call_command("migrate", "ai_assistant", database=publishing.store(), interactive=False, verbosity=0)


def a_role_is_not_reached():
    """In production only ormd knows the connection strings; here runserver starts it."""
    return any(role.dsn is None for role in roles.ROLES)


def for_the_settings():
    return "Then run this command again."


MENDS = {
    "settings": Mend(for_the_settings),
    "secrets": Mend(secrets_by_hand, make_secrets),
    "database": Mend(for_the_settings),
    "tables": Mend(lambda: "manage.py migrate", migrate),
    "roles": Mend(roles_by_hand, make_roles, a_role_is_not_reached),
    "grants": command("ormc_grants", "--apply"),
    "published": command("ormc_manifest", "--publish"),
}
FAILURES = (CannotMend, DatabaseError, OSError)


def provider_by_hand():
    return f"A model's key: AI Assistant -> Settings in the admin, or {PROVIDER[0]} in the environment of ormd."
