import json
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from ai_assistant import manifest, rights


class Command(BaseCommand):
    help = "Writes the --user file of a user: what ormc needs to know of their rights."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("name", help="the user's name")
        parser.add_argument("--output", help="the file to write; standard output otherwise")

    def handle(self, *args, name, output, **options):
        model = get_user_model()
        try:
            user = model._default_manager.get_by_natural_key(name)
        except model.DoesNotExist:
            raise CommandError(f"no user {name}") from None
        found = rights.user_file(user, manifest.build()["fingerprint"])
        text = json.dumps(found, sort_keys=True, indent=1, ensure_ascii=False)
        if output:
            Path(output).write_text(text + "\n", encoding="utf-8")
        else:
            self.stdout.write(text)
