"""Which question an answer answers, for retried requests and resumed streams; what was sent to the model."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

TABLE = "ai_assistant_modelcall"


def alter(schema_editor, action):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN created_at {action}", params=None)


def forwards(apps, schema_editor):
    """ormd's INSERTs leave it out."""
    alter(schema_editor, "SET DEFAULT now()")


def backwards(apps, schema_editor):
    alter(schema_editor, "DROP DEFAULT")


class Migration(migrations.Migration):
    dependencies = [("ai_assistant", "0002_postgresql")]
    operations = [
        migrations.AddField(
            model_name="message",
            name="reply_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="ai_assistant.message",
                verbose_name="answers",
            ),
        ),
        # The exchange is read from its two messages: a copy would keep rows of the site's data.
        migrations.RemoveField(model_name="idempotencykey", name="status"),
        migrations.RemoveField(model_name="idempotencykey", name="response"),
        migrations.CreateModel(
            name="ModelCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request_id", models.UUIDField(verbose_name="request")),
                ("ordinal", models.IntegerField(verbose_name="call")),
                ("host", models.CharField(max_length=300, verbose_name="base URL")),
                ("payload", models.TextField(verbose_name="payload")),
                ("reply", models.CharField(max_length=20, verbose_name="reply")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created at")),
            ],
            options={
                "verbose_name": "call of the model",
                "verbose_name_plural": "calls of the model",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["created_at"], name="ai_modelcall_created"),
                    models.Index(fields=["request_id"], name="ai_modelcall_request"),
                ],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
