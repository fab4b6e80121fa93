import sys

from django.core.management.base import BaseCommand

from ai_assistant import conf
from ai_assistant.operation import serving, steps
from ai_assistant.operation.report import Report


class Command(BaseCommand):
    help = "Walks from the settings to the provider and says the next thing to do; exits 1 where there is one."
    requires_system_checks = []

    def handle(self, *args, **options):
        report = Report(self)
        if not conf.enabled():
            report.note("switched off", "AI_ASSISTANT['ENABLED'] is False: nothing else was looked at")
            return
        walk = [*steps.STEPS, *serving.STEPS]
        for number, step in enumerate(walk):
            finding = step.look()
            report.show(step, finding)
            if finding and finding.stops:
                rest = ", ".join(later.name for later in walk[number + 1 :])
                report.line(f"Not looked at yet: {rest}." if rest else "")
                sys.exit(1)
        report.line("Questions are answered.")
