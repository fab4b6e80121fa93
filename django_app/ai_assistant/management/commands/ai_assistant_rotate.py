import sys

from django.core.management.base import BaseCommand
from django.db import transaction

from ai_assistant import publishing, secrets
from ai_assistant.operation import rotation
from ai_assistant.operation.report import Report


class Command(BaseCommand):
    help = "Seals the provider's key and signs what is published anew, with the first of ORMC_SECRETS."
    requires_system_checks = []

    def handle(self, *args, **options):
        report = Report(self)
        with transaction.atomic(using=publishing.store()):
            done = rotation.rotate()
        for what, why in done:
            report.row("bad" if why else "ok", what, why)
        if any(why for _, why in done):
            sys.exit(1)
        kid, *old = secrets.secrets()
        report.line(f"Everything is sealed and signed with {kid}.")
        if old:
            report.line(f"{', '.join(old)} may be taken out of ORMC_SECRETS, of Django and of ormd.")
