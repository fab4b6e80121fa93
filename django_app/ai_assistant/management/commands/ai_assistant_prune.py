from django.core.management.base import BaseCommand

from ai_assistant import retention


class Command(BaseCommand):
    help = "Deletes chats, log rows and payloads older than CHAT_DAYS, LOG_DAYS and CALL_DAYS of the settings say."

    def handle(self, *args, **options):
        for kind, count in retention.prune().items():
            self.stdout.write(f"{kind}: {count}")
