"""A site that knows nothing of the assistant: a user of its own, and a model in a second database."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Member(AbstractUser):
    card = models.CharField(max_length=20, unique=True)


class Book(models.Model):
    class State(models.TextChoices):
        SHELF = "s", "On the shelf"
        LENT = "l", "Lent"

    title = models.CharField(max_length=200)
    state = models.CharField(max_length=1, choices=State.choices, default=State.SHELF)
    lent_to = models.ForeignKey(
        Member, models.SET_NULL, null=True, blank=True, related_name="books"
    )
    bought = models.DateField()

    def __str__(self):
        return self.title


class Visit(models.Model):
    """Counted at the door, in a database that is not PostgreSQL."""

    at = models.DateTimeField(auto_now_add=True)


class Router:
    def db_for_read(self, model, **hints):
        return "door" if model is Visit else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, model_name=None, **hints):
        return (db == "door") == (model_name == "visit")
