import sys

from django.core.management.base import BaseCommand, CommandError

from ai_assistant import conf
from ai_assistant.operation import mending, steps
from ai_assistant.operation.report import Report


class Command(BaseCommand):
    help = "Says what the assistant still needs: keys, tables, two roles, grants, manifest. With --dev, does it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--dev", action="store_true", help="do it, for development; run it as often as you like")
        parser.add_argument("--new-passwords", action="store_true", help="give roles that exist new passwords")

    def handle(self, *args, dev, new_passwords, **options):
        self.report = Report(self)
        if not conf.enabled():
            raise CommandError("AI_ASSISTANT['ENABLED'] is False.")
        if dev and conf.env_file() is None:
            raise CommandError("--dev is for development: DEBUG is off, and AI_ASSISTANT names no ENV_FILE.")
        fine = self.mend_all(new_passwords) if dev else self.print_all()
        if not fine:
            sys.exit(1)
        self.report.line(mending.provider_by_hand())
        self.report.line("Next: manage.py runserver" if dev else "Next: start ormd, then manage.py ai_assistant_doctor")

    def print_all(self):
        """Each step is looked at: what a later one needs may be there already."""
        fine = True
        for step in steps.STEPS:
            finding = step.look()
            if finding is None:
                self.report.show(step, None)
                continue
            fine = False
            self.report.row("bad", step.name, finding.what)
            by_hand = mending.MENDS[step.name].by_hand
            self.report.todo(finding.todo if by_hand is mending.for_the_settings else self.words(by_hand, finding))
        return fine

    def words(self, by_hand, finding):
        try:
            return by_hand()
        except mending.FAILURES:
            return finding.todo

    def mend_all(self, new_passwords):
        for step in steps.STEPS:
            mend = mending.MENDS[step.name]
            forced = new_passwords and step.name == "roles"
            finding = step.look()
            if finding is None and not forced and not mend.unfinished():
                self.report.show(step, None)
                continue
            if mend.do is None:
                self.report.show(step, finding)
                return False
            try:
                mend.do(new_passwords)
            except (*mending.FAILURES, CommandError) as error:
                self.report.row("bad", step.name, step.title)
                self.report.todo(str(error).strip())
                return False
            left = step.look()
            if left:
                self.report.show(step, left)
                return False
            self.report.row("done", step.name, step.title)
        return True
