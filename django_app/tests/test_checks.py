"""The system checks, one by one."""

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from .conftest import manage

# Of nasty.QuestionAdmin, which is there to have a rule of its own.
OF_THE_EXAMPLE = "ai_assistant.W005"


def messages():
    return [message for message in run_checks(tags=["ai_assistant"]) if message.id != OF_THE_EXAMPLE]


def ids():
    return [message.id for message in messages()]


def test_the_example_site_is_fine():
    assert ids() == []


@override_settings(AI_ASSISTANT={"DATABASE": "nowhere"})
def test_unknown_database():
    assert "ai_assistant.E001" in ids()


@override_settings(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3"}})
def test_not_postgresql():
    assert "ai_assistant.W001" in ids()


@override_settings(DATABASES={"default": {"ENGINE": "django_tenants.postgresql_backend"}})
def test_schema_per_tenant():
    assert "ai_assistant.W002" in ids()


@override_settings(MIDDLEWARE=[])
def test_no_middleware():
    assert ids() == ["ai_assistant.W003"]


@override_settings(ROOT_URLCONF="ai_assistant.urls")
def test_no_urls():
    assert ids() == ["ai_assistant.E002"]


def test_no_key(monkeypatch):
    monkeypatch.delenv("ORMC_TOKEN_KEY")
    assert ids() == ["ai_assistant.W004"]


@override_settings(AI_ASSISTANT={"TOKEN_KEYS": {"k1": "short"}})
def test_short_key():
    assert ids() == ["ai_assistant.E003"]


class Elsewhere:
    def db_for_read(self, model, **hints):
        return "other" if model._meta.label == "shop.Tag" else None


@override_settings(DATABASE_ROUTERS=["tests.test_checks.Elsewhere"])
def test_models_in_another_database():
    (message,) = messages()
    assert message.id == "ai_assistant.I001" and message.msg.startswith("1 models") and "shop.Tag" in message.msg


@pytest.mark.parametrize("wrong", [{"MIDDLEWARE": []}, {"ROOT_URLCONF": "ai_assistant.urls"}])
def test_switched_off_checks_nothing(wrong):
    with override_settings(AI_ASSISTANT={"ENABLED": False}, **wrong):
        assert ids() == []


def test_all_of_django_s_checks_pass_too():
    manage("check", "--fail-level", "WARNING")


@pytest.mark.django_db
def test_no_migration_is_missing():
    manage("makemigrations", "ai_assistant", "--check", "--dry-run")
