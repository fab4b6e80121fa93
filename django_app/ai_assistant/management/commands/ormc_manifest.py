from pathlib import Path

from django.core.management.base import BaseCommand

from ai_assistant import manifest


class Command(BaseCommand):
    help = "Writes the manifest of this project's models; with --publish also into the database."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--output", help="the file to write; standard output otherwise")
        parser.add_argument("--publish", action="store_true", help="keep it as a row, signed, with the policy")

    def handle(self, *args, output, publish, **options):
        built = manifest.build()
        text = manifest.written(built) + "\n"
        if output:
            Path(output).write_text(text, encoding="utf-8")
        elif not publish:
            self.stdout.write(text, ending="")
        if publish:
            from ai_assistant import publishing

            publishing.publish(built)
            self.stderr.write(f"published {built['fingerprint']}")
