"""The example site's data: the same each time, and such that the demo's questions have answers."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from nasty.models import Document, Person, Pizzeria, Restaurant
from shop.models import Order, Profile, Review

from ai_assistant.models import VerifiedQuery

pytestmark = pytest.mark.django_db
NOW = "2026-11-22T12:00:00+00:00"


def seed(**options):
    call_command("seed_example", verbosity=0, **{"scale": 0.5, "seed": 1, "now": NOW, **options})


def picture():
    """Rows of a few tables, keys and all."""
    return [
        list(model.objects.order_by("pk").values()) for model in (Order, Profile, Review, Person, Document, Pizzeria)
    ] + [list(User.objects.order_by("pk").values("pk", "username", "date_joined"))]


def test_the_same_seed_gives_the_same_rows():
    seed()
    first = picture()
    seed()
    assert picture() == first
    seed(seed=2)
    assert picture() != first


def test_what_the_demo_asks_about():
    seed()
    start = datetime.datetime(2026, 11, 21, 23, tzinfo=datetime.timezone.utc)
    now = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.timezone.utc)
    today = User.objects.filter(date_joined__date=datetime.date(2026, 11, 22))
    assert today.count() >= 5
    assert today.filter(date_joined=start).exists() and today.filter(date_joined=now).exists()
    assert User.objects.filter(date_joined=start - datetime.timedelta(microseconds=1)).exists()
    six = User.objects.filter(username__regex=r"^[0-9]{6}$").count()
    assert 0.2 < six / User.objects.count() < 0.4
    assert User.objects.filter(username="12345").exists()
    avatars = [User.objects.filter(profile=None), *(Profile.objects.filter(avatar=kind) for kind in (None, ""))]
    assert all(found.exists() for found in avatars)
    assert Profile.objects.exclude(avatar=None).exclude(avatar="").exists()


def test_what_the_oracle_needs():
    seed()
    assert Order.objects.filter(customer=None).exists() and Order.objects.filter(lines=None).exists()
    assert Order.objects.filter(placed_at=datetime.datetime(2026, 10, 25, 0, 30, tzinfo=datetime.timezone.utc)).exists()
    assert Person.objects.filter(name__contains="%").exists() or Document.objects.filter(title__contains="%").exists()
    assert Restaurant.objects.exists() and Pizzeria.objects.exists()
    assert Person.objects.filter(minions__minions__isnull=False).exists()


def test_the_demo_s_questions_answer_what_django_answers():
    seed(now=timezone.now().isoformat())
    call_command("ai_assistant_demo_queries", verbosity=0)
    results = {}
    for query in VerifiedQuery.objects.all():
        names = {"User": User, "timezone": timezone}
        exec(query.snippet, names)  # noqa: S102 - our own text, in a test
        results[query.question] = names["result"]
    assert results["How many registrations today?"] >= 5
    assert len(results["Users with a six-digit username?"]["ids"]) <= 100
    avatars = results["How many users with and without avatar?"]
    assert avatars["with_avatar"] + avatars["without_avatar"] == User.objects.count()
    assert avatars["with_avatar_percent"] + avatars["without_avatar_percent"] == 100
