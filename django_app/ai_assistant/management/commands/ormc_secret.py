from django.core.management.base import BaseCommand

from ai_assistant import secrets


class Command(BaseCommand):
    help = "Prints the secret that ormd must have as ORMC_SECRET. Do not log it."
    requires_system_checks = []

    def handle(self, *args, **options):
        self.stdout.write(secrets.secret())
