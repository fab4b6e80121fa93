import uuid

import django.db.models.deletion
from django.db import migrations, models


def tenant(**options):
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="keyed.tenant", **options)


class Migration(migrations.Migration):
    """By hand: the autodetector adds the key's column after the key."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Tenant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("pk", models.CompositePrimaryKey("tenant_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("tenant", tenant()),
                ("id", models.SmallIntegerField(unique=True)),
                ("email", models.EmailField(max_length=254, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("pk", models.CompositePrimaryKey("tenant", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("tenant", tenant(related_name="remarks")),
                ("id", models.SmallIntegerField(db_column="remark_id", unique=True)),
                ("member_id", models.SmallIntegerField(null=True)),
                (
                    "member",
                    models.ForeignObject(
                        from_fields=("tenant_id", "member_id"),
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="keyed.member",
                        to_fields=("tenant_id", "id"),
                    ),
                ),
                ("text", models.TextField(blank=True, default="")),
                ("number", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("pk", models.CompositePrimaryKey("tenant_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("tenant", tenant()),
                ("id", models.UUIDField(default=uuid.uuid4)),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("pk", models.CompositePrimaryKey("meter", "taken", blank=True, editable=False, primary_key=True, serialize=False)),
                ("meter", models.SmallIntegerField()),
                ("taken", models.DateTimeField()),
                ("value", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
            ],
        ),
    ]
