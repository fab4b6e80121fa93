from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from ai_assistant import retention


class Command(BaseCommand):
    help = "Erases what the assistant keeps of one user; log rows stay without name and text."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--yes", action="store_true", help="erase; without it, say whom it would be")

    def handle(self, *args, username, yes, **options):
        model = get_user_model()
        try:
            user = model._default_manager.get_by_natural_key(username)
        except model.DoesNotExist:
            raise CommandError(f"there is no user {username!r}") from None
        if not yes:
            raise CommandError(f"this erases chats and log text of {username!r}: say --yes")
        for kind, count in retention.erase(user).items():
            self.stdout.write(f"{kind}: {count}")
