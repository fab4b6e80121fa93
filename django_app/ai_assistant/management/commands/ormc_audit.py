import sys

from django.core.management.base import BaseCommand

from ai_assistant import audit, publishing


class Command(BaseCommand):
    help = "The chain over the log: seal what has ended, show its head, verify it; exits 1 where it is not whole."

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["seal", "head", "verify"])
        parser.add_argument("--head", help="with verify: a head that was kept elsewhere and must be in the chain")

    def handle(self, *args, what, head, **options):
        getattr(self, what)(head)

    def seal(self, _):
        self.stdout.write(f"sealed {audit.seal()} rows")
        self.head(None)

    def head(self, _):
        self.stdout.write(str(audit.head() or f"0:{audit.GENESIS}"))

    def verify(self, head):
        counts, wrong = audit.verify(head)
        open_rows = audit.unsealed(publishing.store()).count()
        self.stdout.write(
            f"{counts['links']} links, {counts['pruned']} of pruned rows, {counts['erased']} of erased texts; "
            f"{open_rows} ended rows not sealed yet"
        )
        for sentence in wrong:
            self.stdout.write(sentence)
        if wrong:
            sys.exit(1)
        self.stdout.write("The chain is whole.")
