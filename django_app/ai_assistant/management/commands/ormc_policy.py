import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ai_assistant import manifest, policy, policy_diff
from ai_assistant.audience import Audience


class Command(BaseCommand):
    help = "Writes the policy in force, as ormc's --policy reads it; with --diff, what it shows that another did not."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--output", help="the file to write; standard output otherwise")
        parser.add_argument(
            "--diff", metavar="OLD", help="a policy file to compare with; exits 1 where more is shown than by it"
        )

    def handle(self, *args, output, diff, **options):
        found = policy.build()
        if diff:
            self.compare(diff, found)
            return
        text = json.dumps(found, sort_keys=True, indent=1, ensure_ascii=False)
        if output:
            Path(output).write_text(text + "\n", encoding="utf-8")
        else:
            self.stdout.write(text)

    def compare(self, path, found):
        try:
            old = json.loads(Path(path).read_text(encoding="utf-8"))
            if old["format"] != policy.FORMAT:
                raise ValueError(f"its format is {old['format']!r}, not {policy.FORMAT}")
            more, less = policy_diff.differences(manifest.build(), old, found, Audience())
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{path} is no policy: {error}") from None
        for title, sentences in (("Newly shown:", more), ("Newly kept back:", less)):
            if sentences:
                self.stdout.write("\n".join([title, *(f"  {sentence}" for sentence in sentences)]))
        if not more:
            self.stdout.write("Nothing is newly shown.")
        else:
            sys.exit(1)
