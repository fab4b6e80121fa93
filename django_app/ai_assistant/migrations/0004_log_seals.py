"""The chain over the log: insert-only as the log is."""

import django.utils.timezone
from django.db import migrations, models

# As 0002 made it, for any table.
APPEND_ONLY = """
CREATE OR REPLACE FUNCTION ai_assistant_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('ai_assistant.maintenance', true), '') = 'on' THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER ai_assistant_logseal_append_only BEFORE UPDATE OR DELETE ON ai_assistant_logseal
FOR EACH ROW EXECUTE FUNCTION ai_assistant_append_only();
"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(APPEND_ONLY, params=None)


class Migration(migrations.Migration):
    dependencies = [("ai_assistant", "0003_replies")]
    operations = [
        migrations.CreateModel(
            name="LogSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row_id", models.BigIntegerField(unique=True, verbose_name="log row")),
                ("row_at", models.DateTimeField(verbose_name="created at")),
                ("facts", models.CharField(max_length=64, verbose_name="digest of the facts")),
                ("texts", models.CharField(max_length=64, verbose_name="keyed digest of person and texts")),
                ("salt", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64, verbose_name="digest of the chain")),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="sealed at")),
            ],
            options={
                "verbose_name": "seal of the log",
                "verbose_name_plural": "seals of the log",
                "ordering": ["-id"],
            },
        ),
        # Its trigger goes with the table.
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
