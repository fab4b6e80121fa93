"""A second database, which differs from the site's only in what noninterference.json hides."""

from __future__ import annotations

import psycopg
from django.apps import apps
from django.db import connection

TWIN = "ormc_twin"
# Another value of the same type; NULL becomes one, too.
OTHER = {
    "boolean": "NOT coalesce({0}, false)",
    "date": "coalesce({0}, DATE '2000-01-01') + 40",
    "double precision": "coalesce({0}, 0) + 7.5",
    "integer": "coalesce({0}, 0) + 7",
    "jsonb": """'{{"of": "the twin"}}'""",
    "numeric": "coalesce({0}, 0) + 7",
    "smallint": "coalesce({0}, 0) + 1",
    "text": "left(md5(coalesce({0}, '') || 'twin'), {1})",
    "timestamp with time zone": "coalesce({0}, now()) + interval '40 days'",
}


def kind(field) -> str:
    found = field.db_type(connection).split("(")[0]
    return "text" if found == "varchar" else found


def others(model, names: set[str] | None) -> str:
    """The SET of an UPDATE: hidden columns, or all that neither identify a row nor point to others."""
    return ", ".join(
        f'"{field.column}" = {OTHER[kind(field)].format(field.column, min(field.max_length or 12, 12))}'
        for field in model._meta.local_concrete_fields
        if (names is None or field.name in names)
        and not (field.primary_key or field.unique or field.is_relation or field.choices)
        and kind(field) in OTHER
    )


def alter(twin, policy: dict) -> None:
    for name in policy["hidden"]:
        app, model_name, *field = name.split(".")
        model = apps.get_model(app, model_name)
        twin.execute(f'UPDATE "{model._meta.db_table}" SET {others(model, set(field) or None)}')


def settle(database) -> None:
    """The rows of every table in the order of their keys: what no snippet orders comes in that order."""
    tables = database.execute(
        "SELECT c.oid::regclass, i.indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE i.indisprimary AND n.nspname = 'public'"
    ).fetchall()
    for table, _ in tables:
        key = database.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'p' AND conrelid = %s::regclass",
            [table],
        ).fetchone()[0]
        database.execute(f'CLUSTER {table} USING "{key}"')


def make(conninfo: str, database: str, policy: dict) -> str:
    """The twin's conninfo."""
    connection.close()

    def at(other: str) -> str:
        return conninfo.replace(f"dbname={database} ", f"dbname={other} ")

    with psycopg.connect(at("postgres"), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {TWIN}")
        server.execute(f"CREATE DATABASE {TWIN} TEMPLATE {database}")
    with psycopg.connect(at(TWIN), autocommit=True) as twin:
        alter(twin, policy)
        settle(twin)
    with psycopg.connect(conninfo, autocommit=True) as own:
        settle(own)
    return at(TWIN)
