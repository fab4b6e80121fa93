"""The demo's questions, as verified queries: they are answered without a model."""

from django.core.management.base import BaseCommand

from ai_assistant.models import VerifiedQuery

QUERIES = [
    (
        "How many registrations today?",
        "Users whose date joined is today.",
        "result = User.objects.filter(date_joined__date=timezone.localdate()).count()\n",
    ),
    (
        "Users with a six-digit username?",
        "Users whose name is six digits: how many, and the first hundred of their ids.",
        """\
six_digits = User.objects.filter(username__regex=r"^[0-9]{6}$")
result = {
    "count": six_digits.count(),
    "ids": list(six_digits.order_by("id").values_list("id", flat=True)[:100]),
}
""",
    ),
    (
        "How many users with and without avatar?",
        "Users with a profile that has an avatar, and all others, as counts and as percentages.",
        """\
total = User.objects.count()
with_avatar = User.objects.filter(profile__avatar__isnull=False).exclude(profile__avatar="").count()
without_avatar = total - with_avatar
with_percent = round(with_avatar * 100 / total, 1) if total else 0
result = {
    "with_avatar": with_avatar,
    "without_avatar": without_avatar,
    "with_avatar_percent": with_percent,
    "without_avatar_percent": round(100 - with_percent, 1) if total else 0,
}
""",
    ),
]


class Command(BaseCommand):
    help = "Stores the demo's three questions as verified queries."

    def handle(self, *args, **options):
        for question, explanation, snippet in QUERIES:
            values = {"snippet": snippet, "explanation": explanation, "slots": [], "enabled": True}
            VerifiedQuery.objects.update_or_create(question=question, defaults=values)
        if options["verbosity"]:
            self.stdout.write(f"{len(QUERIES)} verified queries")
