"""SQL for the two roles of ormd. The reader sees the columns of manifest and policy; the store what ormd writes.

The roles must exist: CREATE ROLE ... LOGIN is the operator's, with a password that never passes through here.
"""

from django.db.migrations.recorder import MigrationRecorder

from . import admin_rules, conf, manifest, site_reads
from .models import (
    AIConfig,
    Chat,
    Favorite,
    Feedback,
    GlossaryTerm,
    IdempotencyKey,
    Job,
    Manifest,
    Message,
    ModelCall,
    Policy,
    QueryLog,
    RateWindow,
    StreamEvent,
    VerifiedQuery,
)
from .visible import to_anybody

STORE_RIGHTS = {
    # ormd says which migrations its tables have.
    "SELECT": [MigrationRecorder.Migration, AIConfig, GlossaryTerm, Manifest, Policy, VerifiedQuery],
    "SELECT, INSERT": [QueryLog],
    "INSERT": [ModelCall],
    "SELECT, INSERT, UPDATE, DELETE": [
        Chat,
        Favorite,
        Feedback,
        IdempotencyKey,
        Job,
        Message,
        RateWindow,
        StreamEvent,
    ],
}


def quote(name):
    return '"' + name.replace('"', '""') + '"'


def table_of(model):
    name = quote(model["table"])
    return f"{quote(model['schema'])}.{name}" if model["schema"] else name


def readable(built):
    """[(model, columns)] of every table that some user may read, without what the policy hides but the site reads."""
    visible = to_anybody(built)
    own = site_reads.by_site(built, admin_rules.rows())
    for model in built["models"]:
        if model["database"] != conf.get("DATABASE") or model["swapped"] or model["proxy_for"]:
            continue
        label = model["label"]
        seen = {field["name"] for field in visible.fields(label)} if visible.sees(label) else set()
        columns = [
            field["column"]
            for field in model["fields"]
            if field["concrete"]
            and field["model"] == label
            and (field["name"] in seen or (label, field["name"]) in own)
        ]
        if columns:
            yield model, columns


def reader_statements(role):
    """(table or None, statement): a statement about a table that does not exist is left out when applying."""
    role = quote(role)
    built = manifest.build()
    found = list(readable(built))
    for schema in sorted({model["schema"] for model, _ in found if model["schema"]}):
        yield None, f"GRANT USAGE ON SCHEMA {quote(schema)} TO {role}"
    here = [model for model in built["models"] if model["database"] == conf.get("DATABASE") and not model["swapped"]]
    for table in sorted({table_of(model) for model in here}):
        yield table, f"REVOKE ALL ON TABLE {table} FROM {role}"
    for model, columns in found:
        names = ", ".join(quote(column) for column in columns)
        yield table_of(model), f"GRANT SELECT ({names}) ON TABLE {table_of(model)} TO {role}"


def store_statements(role):
    role = quote(role)
    yield None, f"GRANT EXECUTE ON FUNCTION ai_assistant_normalize(text) TO {role}"
    for rights, models in STORE_RIGHTS.items():
        for model in models:
            table = quote(model._meta.db_table)
            yield table, f"REVOKE ALL ON TABLE {table} FROM {role}"
            yield table, f"GRANT {rights} ON TABLE {table} TO {role}"
            if "INSERT" in rights:
                yield table, f"GRANT USAGE ON SEQUENCE {quote(model._meta.db_table + '_id_seq')} TO {role}"
