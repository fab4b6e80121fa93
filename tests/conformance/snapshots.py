"""What the tables hold at a moment, as text: taken inside a test's transaction, put back outside."""

from __future__ import annotations

import hashlib
import json

# {table: its rows as PostgreSQL writes them, in order}
Snapshot = dict[str, list[str]]

READS = {"select", "set", "show", "with", "savepoint"}


def is_write(sql: str) -> bool:
    """May the tables hold something else after this?"""
    words = sql.lstrip("( \n").split(None, 1)
    return not words or words[0].lower() not in READS


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def tables(cursor) -> list[str]:
    """Every table of the database but PostgreSQL's own, with its schema, quoted."""
    cursor.execute(
        "SELECT schemaname, tablename FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    )
    return [f"{quoted(schema)}.{quoted(table)}" for schema, table in cursor.fetchall()]


def take(cursor, names: list[str]) -> Snapshot:
    # A name that no column has: it would stand before the row's.
    parts = [
        f"SELECT {i}, array_agg(whole_row::text) FROM {name} AS whole_row"
        for i, name in enumerate(names)
    ]
    cursor.execute(" UNION ALL ".join(parts))
    return {names[i]: rows for i, rows in cursor.fetchall() if rows}


def digest(snapshot: Snapshot) -> str:
    return hashlib.sha256(json.dumps(snapshot, sort_keys=True).encode()).hexdigest()[:16]


class Restorer:
    """Puts snapshots back over a connection of psycopg's; only what differs is written."""

    def __init__(self, connection):
        self.connection = connection
        with connection.cursor() as cursor:
            # Foreign keys and triggers keep still.
            cursor.execute("SET session_replication_role = replica")
            self.names = tables(cursor)
            self.columns = {name: self._columns(cursor, name) for name in self.names}
            for name in self.names:
                cursor.execute(f"DELETE FROM {name}")
        connection.commit()
        self.current: Snapshot = {}

    @staticmethod
    def _columns(cursor, name: str) -> list[str]:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            (name,),
        )
        return [quoted(column) for (column,) in cursor.fetchall()]

    def restore(self, wanted: Snapshot) -> None:
        with self.connection.cursor() as cursor:
            for name in self.names:
                rows = wanted.get(name)
                if rows == self.current.get(name):
                    continue
                cursor.execute(f"DELETE FROM {name}")
                if rows:
                    columns = self.columns[name]
                    picked = ", ".join(f"(x::{name}).{column}" for column in columns)
                    cursor.execute(
                        f"INSERT INTO {name} ({', '.join(columns)})"
                        f" SELECT {picked} FROM unnest(%s::text[]) AS x",
                        (rows,),
                    )
        self.connection.commit()
        self.current = wanted
