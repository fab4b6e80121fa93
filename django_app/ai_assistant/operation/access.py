"""Whether the roles have the rights that ormc_grants gives, no fewer and no more: a query a role."""

from django.db import connections

from .. import grants, manifest
from .roles import ROLES

WRONG_COLUMNS = """
SELECT wanted.name, wanted.allowed
FROM unnest(%s::text[], %s::text[], %s::text[], %s::bool[]) AS wanted (name, tab, col, allowed)
JOIN pg_attribute ON attrelid = to_regclass(tab) AND attname = col AND NOT attisdropped
WHERE has_column_privilege(%s, attrelid, attnum, 'SELECT') <> allowed
"""
MISSING_TABLES = """
SELECT wanted.tab, wanted.need
FROM unnest(%s::text[], %s::text[]) AS wanted (tab, need)
WHERE to_regclass(tab) IS NULL OR NOT has_table_privilege(%s, to_regclass(tab)::oid, need)
"""


def wrong(role):
    """Sentences about what the role may not do and should, or may do and should not."""
    return {"reader": reader_wrong, "store": store_wrong}[role.kind](role)


def reader_wrong(role):
    built = manifest.build()
    readable = {(model["label"], column) for model, columns in grants.readable(built) for column in columns}
    wanted = [
        (f"{model['label']}.{field['name']}", grants.table_of(model), field["column"], is_readable)
        for model in built["models"]
        if model["database"] == role.alias and not model["swapped"] and not model["proxy_for"]
        for field in model["fields"]
        if field["concrete"] and field["model"] == model["label"]
        for is_readable in [(model["label"], field["column"]) in readable]
    ]
    with connections[role.alias].cursor() as cursor:
        cursor.execute(WRONG_COLUMNS, [*map(list, zip(*wanted)), role.name])
        found = sorted(cursor.fetchall())
    words = {True: "may not read", False: "may read what nobody should see:"}
    return [f"{role.name} {words[allowed]} {name}" for name, allowed in found]


def store_wrong(role):
    wanted = [
        (grants.quote(model._meta.db_table), right)
        for rights, models in grants.STORE_RIGHTS.items()
        for model in models
        for right in rights.split(", ")
    ]
    with connections[role.alias].cursor() as cursor:
        cursor.execute(MISSING_TABLES, [*map(list, zip(*wanted)), role.name])
        return [f"{role.name} has no {need} on {table}" for table, need in sorted(cursor.fetchall())]


def all_wrong():
    return [sentence for role in ROLES for sentence in wrong(role)]
