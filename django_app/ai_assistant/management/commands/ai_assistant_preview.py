from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError

from ai_assistant import conf, manifest, preview


class Command(BaseCommand):
    help = "Lists what each group could ask about and see, by permissions and policy."
    requires_system_checks = []

    def add_arguments(self, parser):
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--group", help="this group alone")
        one.add_argument("--user", help="this user alone, with all permissions that they have")

    def handle(self, *args, group, user, **options):
        if not conf.enabled():
            self.stdout.write("AI_ASSISTANT['ENABLED'] is False: nobody can ask.")
            return
        built = manifest.build()
        if user is not None:
            lines = preview.of_user(built, self.user(user))
        else:
            lines = [line for one in self.groups(group) for line in preview.of_group(built, one)]
        self.stdout.write("\n".join(lines) if lines else "There are no groups: see --user NAME.")

    def groups(self, name):
        found = Group.objects.order_by("name")
        if name is None:
            return found
        if not found.filter(name=name).exists():
            raise CommandError(f"no group {name}; there are: {', '.join(one.name for one in found) or 'none'}")
        return found.filter(name=name)

    def user(self, name):
        model = get_user_model()
        try:
            return model._default_manager.get_by_natural_key(name)
        except model.DoesNotExist:
            raise CommandError(f"no user {name}") from None
