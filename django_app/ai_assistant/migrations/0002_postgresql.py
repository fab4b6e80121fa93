"""What Django has no words for: an insert-only log, column defaults for ormd's INSERTs, the normaliser."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION ai_assistant_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('ai_assistant.maintenance', true), '') = 'on' THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'ai_assistant_querylog is insert-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER ai_assistant_querylog_append_only BEFORE UPDATE OR DELETE ON ai_assistant_querylog
FOR EACH ROW EXECUTE FUNCTION ai_assistant_append_only();
"""
APPEND_ONLY_UNDO = """
DROP TRIGGER ai_assistant_querylog_append_only ON ai_assistant_querylog;
DROP FUNCTION ai_assistant_append_only();
"""

# Case, spaces and sentence punctuation; not what changes a meaning: digits' points, signs, %, <, >, apostrophes.
NORMALIZE = r"""
CREATE FUNCTION ai_assistant_normalize(question text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(regexp_replace(regexp_replace(
    lower(normalize(question, NFKC)),
    '["“”„«»‚‘]|[.,;:!?…]+(?=\s|$)|[¿¡]', '', 'g'),
    '(?<=[[:alpha:]])-(?=[[:alpha:]])', ' ', 'g'),
    '\s+', ' ', 'g'))
$$;
"""
NORMALIZE_UNDO = "DROP FUNCTION ai_assistant_normalize(text)"

DEFAULTS = {
    "chat": {"title": "''", "created_at": "now()", "updated_at": "now()"},
    "message": {
        "content": "''",
        "outcome": "''",
        "program_fingerprint": "''",
        "frozen_tz": "''",
        "error_code": "''",
        "created_at": "now()",
    },
    "streamevent": {"created_at": "now()"},
    "favorite": {"title": "''", "question": "''", "created_at": "now()"},
    "feedback": {"reason": "''", "created_at": "now()"},
    "querylog": {
        "username": "''",
        "question": "''",
        "source": "''",
        "error_code": "''",
        "error_detail": "''",
        "model": "''",
        "manifest_fingerprint": "''",
        "policy_fingerprint": "''",
        "created_at": "now()",
    },
    "ratewindow": {"count": "0"},
    "idempotencykey": {"created_at": "now()"},
    "job": {
        "payload": "'{}'::jsonb",
        "state": "'queued'",
        "user_id": "''",
        "run_at": "now()",
        "attempts": "0",
        "locked_by": "''",
        "error_code": "''",
        "created_at": "now()",
    },
}


def run(schema_editor, statements):
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement, params=None)


def alter(action):
    return [
        f'ALTER TABLE ai_assistant_{table} ALTER COLUMN "{column}" {action(default)}'
        for table, columns in DEFAULTS.items()
        for column, default in columns.items()
    ]


def forwards(apps, schema_editor):
    run(schema_editor, [APPEND_ONLY, NORMALIZE, *alter(lambda default: f"SET DEFAULT {default}")])


def backwards(apps, schema_editor):
    run(schema_editor, [APPEND_ONLY_UNDO, NORMALIZE_UNDO, *alter(lambda default: "DROP DEFAULT")])


class Migration(migrations.Migration):
    dependencies = [("ai_assistant", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
