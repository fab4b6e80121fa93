from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections, transaction

from ai_assistant import conf, grants, hardening, publishing


class Command(BaseCommand):
    help = "Prints, or applies, the grants of ormd's two roles: the reader's columns and the store's tables."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--reader", default=conf.get("READER_ROLE"), help="the role that reads the site's data")
        parser.add_argument("--store", default=conf.get("STORE_ROLE"), help="the role that keeps chats and log")
        parser.add_argument("--apply", action="store_true", help="run the statements instead of printing them")
        parser.add_argument(
            "--harden",
            action="store_true",
            help="level 2 instead: what everybody may do in the database, taken from PUBLIC and given to the other "
            "roles by name; a superuser runs it",
        )

    def handle(self, *args, reader, store, apply, harden, **options):
        if harden:
            groups = [(conf.get("DATABASE"), self.hardening(reader, apply))]
        else:
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

    def hardening(self, reader, apply):
        alias = conf.get("DATABASE")
        if apply and not hardening.may_apply(alias):
            raise CommandError(
                "Level 2 changes rights that are a superuser's to give. Let one run what "
                "`manage.py ormc_grants --harden` prints."
            )
        kept = ", ".join(hardening.others(alias, reader)) or "none"
        self.stdout.write(f"-- lose what PUBLIC loses: {reader}, and every role that is made later")
        self.stdout.write(f"-- keep it, each by a grant: {kept}; and superusers")
        return [(None, statement) for statement in hardening.statements(alias, reader)]

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
