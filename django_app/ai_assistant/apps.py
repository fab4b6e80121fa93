import os
import sys

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AiAssistantConfig(AppConfig):
    name = "ai_assistant"
    label = "ai_assistant"
    verbose_name = _("AI assistant")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import checks, publishing
        from .operation import development

        checks.register()
        post_migrate.connect(publishing.after_migrate, sender=self, dispatch_uid="ai_assistant.publish")
        if development.wanted(sys.argv, os.environ):
            development.start()
