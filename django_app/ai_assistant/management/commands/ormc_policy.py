import json
from pathlib import Path

from django.core.management.base import BaseCommand

from ai_assistant import policy


class Command(BaseCommand):
    help = "Writes the policy in force, as ormc's --policy reads it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--output", help="the file to write; standard output otherwise")

    def handle(self, *args, output, **options):
        text = json.dumps(policy.build(), sort_keys=True, indent=1, ensure_ascii=False)
        if output:
            Path(output).write_text(text + "\n", encoding="utf-8")
        else:
            self.stdout.write(text)
