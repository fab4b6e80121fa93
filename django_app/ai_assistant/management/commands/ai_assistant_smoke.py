import sys

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from ai_assistant import conf
from ai_assistant.operation import process, questions, serving, smoke
from ai_assistant.operation.report import Report


class Command(BaseCommand):
    help = "Asks ormd five questions about this site's largest models, without a model, and compares with Django."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--user", help="the superuser to ask as; the first one otherwise")

    def handle(self, *args, user, **options):
        if not conf.enabled():
            raise CommandError("AI_ASSISTANT['ENABLED'] is False.")
        report = Report(self)
        wrong = 0
        asker = self.asker(user)
        try:
            asked = questions.questions()
            if not asked:
                raise CommandError("There is no model to ask about: manage.py migrate, then ormc_grants --apply.")
            with process.reachable() as url:
                for number, answer in enumerate(smoke.ask_all(url, asker, asked), 1):
                    wrong += bool(answer.why)
                    report.row("bad" if answer.why else "ok", f"question {number}", answer.question.words)
                    report.todo(f"{answer.question.snippet}\n{answer.why}" if answer.why else "")
        except (process.CannotStart, smoke.Refused, OSError) as error:
            raise CommandError(f"{error}\nmanage.py ai_assistant_doctor says what is wrong.") from None
        report.line(f"{len(asked) - wrong} of {len(asked)} answers are Django's.")
        if wrong:
            sys.exit(1)

    def asker(self, name):
        model = get_user_model()
        if name is None:
            found = serving.asker()
            if found is None:
                raise CommandError("There is no active superuser: manage.py createsuperuser, or --user NAME.")
            return found
        try:
            return model._default_manager.get_by_natural_key(name)
        except model.DoesNotExist:
            raise CommandError(f"no user {name}") from None
