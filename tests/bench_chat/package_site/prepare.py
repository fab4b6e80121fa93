"""prepare.py USERS ROWS: makes tables, users, sessions and chats; prints the latter two."""

import json
import sys

import django


def prepare(users: int, rows: int) -> list[dict]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django_ai_admin.models import AIConfig, Chat

    call_command("migrate", verbosity=0)
    AIConfig.objects.create(api_key="k", model="stub", timeout_sec=100)
    User.objects.bulk_create(
        User(
            username=f"person-{n}", email=f"{n}@example.com", is_staff=n < users, is_superuser=True
        )
        for n in range(rows)
    )
    made = []
    for user in User.objects.filter(is_staff=True).order_by("id"):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        chat = Chat.objects.create(owner=user, title="New chat")
        made.append({"session": session.session_key, "chat": chat.pk})
    return made


if __name__ == "__main__":
    django.setup()
    print(json.dumps(prepare(int(sys.argv[1]), int(sys.argv[2]))))
