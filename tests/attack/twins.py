"""Databases that differ from the site's only in what noninterference.json hides from its user.

`ormc_twin` has other values in hidden columns and hidden rows, and fewer hidden rows. `ormc_shown` has no
hidden row at all: without any rule for rows it must answer as the site's database does with them.
"""

from __future__ import annotations

import psycopg
from django.apps import apps
from django.db import connection

TWIN, SHOWN = "ormc_twin", "ormc_shown"
# The rows that the policy's `rows` show, said again in SQL: whatever else the twin has is hidden.
SHOWN_ROWS = {
    "shop.Customer": "country = 'DE' OR vip",
    "shop.Order": "handled_by_id = %(user)s OR total < 300",
    "shop.Product": "stock > 0 AND NOT EXISTS"
    " (SELECT 1 FROM shop_category c WHERE c.id = category_id AND c.parent_id IS NOT NULL)",
    "shop.Tag": "false",
}
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


def hidden_rows(user: int):
    """(model, the SQL condition of its hidden rows)"""
    for label, shown in SHOWN_ROWS.items():
        yield apps.get_model(label), f"NOT coalesce({shown.replace('%(user)s', str(user))}, false)"


def without_hidden(shown, policy: dict, user: int) -> None:
    for model, condition in hidden_rows(user):
        shown.execute(f'DELETE FROM "{model._meta.db_table}" WHERE {condition}')
    # A many-to-many's own rows tell of both ends.
    for through in apps.get_models(include_auto_created=True):
        for field in through._meta.local_concrete_fields:
            if not (through._meta.auto_created and field.is_relation):
                continue
            end = field.related_model
            shown.execute(
                f'DELETE FROM "{through._meta.db_table}" WHERE "{field.column}" NOT IN'
                f' (SELECT "{end._meta.pk.column}" FROM "{end._meta.db_table}")'
            )


def alter(twin, policy: dict, user: int) -> None:
    for name in policy["hidden"]:
        app, model_name, *field = name.split(".")
        model = apps.get_model(app, model_name)
        twin.execute(f'UPDATE "{model._meta.db_table}" SET {others(model, set(field) or None)}')
    for model, condition in hidden_rows(user):
        table = model._meta.db_table
        # Which rows are shown must be the same afterwards: the twin loses every second hidden row,
        # and of the others what the condition does not read.
        twin.execute(f'DELETE FROM "{table}" WHERE {condition} AND id % 2 = 0')
        if changed := others(
            model, {"name", "note", "paid_at", "placed_at", "price", "city", "color"}
        ):
            twin.execute(f'UPDATE "{table}" SET {changed} WHERE {condition}')


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


def make(conninfo: str, database: str, policy: dict, user: int) -> tuple[str, str]:
    """The conninfos of the two."""
    connection.close()

    def at(other: str):
        return psycopg.connect(
            conninfo.replace(f"dbname={database} ", f"dbname={other} "), autocommit=True
        )

    for name, change in ((TWIN, alter), (SHOWN, without_hidden)):
        with at("postgres") as server:
            server.execute(f"DROP DATABASE IF EXISTS {name}")
            server.execute(f"CREATE DATABASE {name} TEMPLATE {database}")
        with at(name) as there:
            # Keys of rows that are gone may stay.
            there.execute("SET session_replication_role = replica")
            change(there, policy, user)
            settle(there)
    with at(database) as here:
        settle(here)
    return tuple(
        conninfo.replace(f"dbname={database} ", f"dbname={name} ") for name in (TWIN, SHOWN)
    )
