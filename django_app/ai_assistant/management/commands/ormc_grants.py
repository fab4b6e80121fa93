from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections, transaction

from ai_assistant import conf, grants, publishing


class Command(BaseCommand):
    help = "Prints, or applies, the grants of ormd's two roles: the reader's columns and the store's tables."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--reader", default=conf.get("READER_ROLE"), help="the role that reads the site's data")
        parser.add_argument("--store", default=conf.get("STORE_ROLE"), help="the role that keeps chats and log")
        parser.add_argument("--apply", action="store_true", help="run the statements instead of printing them")

    def handle(self, *args, reader, store, apply, **options):
        groups = [
            (conf.get("DATABASE"), list(grants.reader_statements(reader))),
            (publishing.store(), list(grants.store_statements(store))),
        ]
        for alias, statements in groups:
            if apply:
                try:
                    self.apply(alias, statements)
                except DatabaseError as error:
                    raise CommandError(f"nothing was granted on {alias!r}: {error}") from None
            else:
                self.stdout.write(f"-- on database {alias!r}")
                self.stdout.write("\n".join(f"{statement};" for _, statement in statements))

    def apply(self, alias, statements):
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            for table, statement in statements:
                if table is not None:
                    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
                    if not cursor.fetchone()[0]:
                        self.stderr.write(f"left out: {table} does not exist")
                        continue
                cursor.execute(statement)
        self.stdout.write(f"applied {len(statements)} statements on {alias!r}")
