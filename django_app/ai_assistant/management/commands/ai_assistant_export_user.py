import json

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from ai_assistant import retention


class Command(BaseCommand):
    help = "Prints what the assistant keeps of one user, as JSON."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, username, **options):
        model = get_user_model()
        try:
            user = model._default_manager.get_by_natural_key(username)
        except model.DoesNotExist:
            raise CommandError(f"there is no user {username!r}") from None
        self.stdout.write(json.dumps(retention.export(user), cls=DjangoJSONEncoder, indent=1, ensure_ascii=False))
