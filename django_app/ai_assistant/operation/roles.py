"""The two PostgreSQL roles of `ormd`: what they are, how they are made, how they are reached."""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode, urlsplit

from django.db import connections

from .. import conf, grants, publishing

CONNECT_SECONDS = 5
ITERATIONS = 4096  # PostgreSQL's own
FORWARDED = ("sslmode", "sslrootcert")  # what of DATABASES' OPTIONS ormd needs too
ATTRIBUTES = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
TOO_MUCH = {"rolsuper": "SUPERUSER", "rolbypassrls": "BYPASSRLS", "rolcreaterole": "CREATEROLE"}

MAY_ALL = (
    "pg_execute_server_program",
    "pg_read_all_data",
    "pg_read_server_files",
    "pg_write_all_data",
    "pg_write_server_files",
)
MEMBER_OF = """
SELECT d.rolname FROM pg_roles r, pg_roles d
WHERE r.rolname = %s AND d.oid <> r.oid AND pg_has_role(r.oid, d.oid, 'MEMBER')
  AND (d.rolsuper OR d.rolname = ANY (%s)) ORDER BY 1
"""


@dataclass(frozen=True)
class Role:
    kind: str
    setting: str
    variable: str

    @property
    def name(self):
        return conf.get(self.setting)

    @property
    def alias(self):
        return publishing.store() if self.kind == "store" else conf.get("DATABASE")

    @property
    def dsn(self):
        return conf.variable(self.variable)


ROLES = (Role("reader", "READER_ROLE", "ORMD_READER_DSN"), Role("store", "STORE_ROLE", "ORMD_STORE_DSN"))


def row(role):
    """The role's attributes in pg_roles, or None."""
    with connections[role.alias].cursor() as cursor:
        columns = ["rolcanlogin", *TOO_MUCH]
        cursor.execute(f"SELECT {', '.join(columns)} FROM pg_roles WHERE rolname = %s", [role.name])
        found = cursor.fetchone()
    return dict(zip(columns, found)) if found else None


def dangerous(role):
    """What it is a member of and should not be: such rights are beyond any grant of columns."""
    with connections[role.alias].cursor() as cursor:
        cursor.execute(MEMBER_OF, [role.name, list(MAY_ALL)])
        return [row[0] for row in cursor.fetchall()]


def may_create(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        return cursor.fetchone()[0]


def new_dsn(role):
    """A connection string with a new password, for the database as Django reaches it."""
    site = connections[role.alias].settings_dict
    host = site.get("HOST") or ""
    socket = host.startswith("/")
    options = {name: value for name, value in (site.get("OPTIONS") or {}).items() if name in FORWARDED}
    query = urlencode({**({"host": host} if socket else {}), **options})
    return dsn(role.name, secrets.token_urlsafe(24), "" if socket else host, site.get("PORT"), site["NAME"], query)


def dsn(user, password, host, port, database, query=""):
    address = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    text = f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@{address}/{quote(database, safe='')}"
    return f"{text}?{query}" if query else text


def by_network(text):
    """The same by TCP: where the socket asks for the operating system's user, a password is of no use."""
    parts = urlsplit(text)
    if parts.hostname:
        return None
    return dsn(unquote(parts.username), password_of(text), "127.0.0.1", parts.port, unquote(parts.path[1:]))


def password_of(text):
    return unquote(urlsplit(text).password or "")


def create_statement(role, password, exists=False):
    """The statement holds a verifier, not the password: PostgreSQL's log and the DBA's mail may keep it."""
    verb = "ALTER" if exists else "CREATE"
    return f"{verb} ROLE {grants.quote(role.name)} LOGIN {ATTRIBUTES} PASSWORD '{scram(password)}'"


def scram(password, salt=None):
    """The SCRAM-SHA-256 verifier of an ASCII password (RFC 5802), in PostgreSQL's form."""
    salt = salt or os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    encoded = [base64.b64encode(part).decode() for part in (salt, hashlib.sha256(client_key).digest(), server_key)]
    return "SCRAM-SHA-256${}:{}${}:{}".format(ITERATIONS, *encoded)


def why_unreachable(role, text):
    """The first line of what the driver says about a connection string; None where it connects."""
    driver = connections[role.alias].Database
    try:
        driver.connect(text, connect_timeout=CONNECT_SECONDS).close()
    except driver.Error as error:
        return str(error).strip().splitlines()[0]
    return None
