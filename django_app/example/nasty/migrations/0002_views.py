"""The view behind the unmanaged model."""

from django.db import migrations

CREATE = """
CREATE VIEW nasty_ledger_total AS
SELECT owner, sum(amount) AS total, count(*) AS books
FROM nasty_books."The Ledger" WHERE owner IS NOT NULL GROUP BY owner
"""


class Migration(migrations.Migration):
    dependencies = [("nasty", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP VIEW nasty_ledger_total")]
