"""ai_assistant_doctor on a set-up that is whole, and on each way in which it can be broken."""

import json
import re

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from ai_assistant import conf, models
from ai_assistant.operation import environment, roles

from . import operation

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def whole(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), operation.set_up(tmp_path_factory.mktemp("site")) as folder:
        yield folder


@pytest.fixture
def site(whole):
    """A set-up that is whole; what a test breaks is rolled back."""
    before = environment.read(whole / ".ormd" / "env")
    with override_settings(AI_ASSISTANT=operation.site(whole)):
        yield whole
    environment.write(whole / ".ormd" / "env", before)


@pytest.fixture
def fake(monkeypatch):
    return lambda **answers: monkeypatch.setenv(
        "FAKE_ORMD", json.dumps({f"/{path.replace('__', '/')}": answer for path, answer in answers.items()})
    )


def diagnosed(name, *words):
    """The doctor stops at this step and says all of these."""
    code, said = operation.run("ai_assistant_doctor")
    (failed,) = re.findall(r"^✗ (\w+)", said, re.MULTILINE)
    assert (code, failed) == (1, name), said
    for word in words:
        assert word in said


def test_a_whole_one(site):
    code, said = operation.run("ai_assistant_doctor")
    assert code == 0 and "✗" not in said
    assert re.findall(r"^✓ (\w+)", said, re.MULTILINE) == [
        *("settings", "secrets", "database", "tables", "roles", "grants", "published", "ormd"),
    ]
    assert "○ level 2    every role, the reader too, may run" in said
    assert "○ provider   no provider's key" in said and "Questions are answered." in said


def test_switched_off(site):
    with override_settings(AI_ASSISTANT={"enabled": False}):
        code, said = operation.run("ai_assistant_doctor")
    assert code == 0 and "switched off" in said


def test_settings(site):
    with override_settings(MIDDLEWARE=[]):
        diagnosed("settings", "Add 'ai_assistant.middleware.AssistantMiddleware' to MIDDLEWARE")
    with override_settings(ROOT_URLCONF="ai_assistant.urls"):
        diagnosed("settings", "The assistant's URLs are not included", "Not looked at yet: secrets, database")
    with override_settings(AI_ASSISTANT={**operation.site(site), "DATABASE": "nowhere"}):
        diagnosed("settings", "'nowhere', which is not in DATABASES")


def test_secrets(site):
    with override_settings(AI_ASSISTANT=operation.site(site, TOKEN_KEYS={"k1": "short"})):
        diagnosed("secrets", "fewer than 32 bytes")


def test_tables(site):
    MigrationRecorder(connection).record_unapplied("ai_assistant", "0004_log_seals")
    diagnosed("tables", "migrations are not applied", "manage.py migrate")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER ROLE {} SUPERUSER", ("is SUPERUSER", "NOSUPERUSER")),
        ("ALTER ROLE {} BYPASSRLS", ("is BYPASSRLS", "NOBYPASSRLS")),
        ("GRANT pg_read_server_files TO {}", ("is a member of pg_read_server_files", "REVOKE pg_read_server_files")),
        ("ALTER ROLE {} NOLOGIN", ("may not log in",)),
        ("DROP OWNED BY {0}; DROP ROLE {0}", ("does not exist", "ai_assistant_setup")),
    ],
)
def test_roles(site, statement, words):
    operation.sql(statement.format(operation.READER))
    diagnosed("roles", *words)


def test_a_password_that_is_wrong(site):
    environment.write(conf.env_file(), {"ORMD_READER_DSN": roles.ROLES[0].dsn.replace("@", "x@")})
    diagnosed("roles", "ORMD_READER_DSN does not connect", "pg_hba.conf")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("REVOKE SELECT (username) ON auth_user FROM {reader}", "may not read auth.User.username"),
        ("GRANT SELECT ON auth_user TO {reader}", "may read what nobody should see: auth.User.password"),
        ("GRANT SELECT ON ai_assistant_aiconfig TO {reader}", "ai_assistant.AIConfig.api_key"),
        ("REVOKE INSERT ON ai_assistant_querylog FROM {store}", 'has no INSERT on "ai_assistant_querylog"'),
    ],
)
def test_grants(site, statement, words):
    operation.sql(statement.format(reader=operation.READER, store=operation.STORE))
    diagnosed("grants", words, "manage.py ormc_grants --apply")
    operation.run("ormc_grants", "--apply")
    assert operation.run("ai_assistant_doctor")[0] == 0


def test_published(site):
    with override_settings(AI_ASSISTANT=operation.site(site, LIMITS={"max_rows": 7})):
        diagnosed("published", "the published policy is not that of this code", "manage.py ormc_manifest --publish")
    with override_settings(AI_ASSISTANT=operation.site(site, SECRET="another " * 8)):
        diagnosed("published", "was signed with another secret")
    models.Manifest.objects.all().delete()
    diagnosed("published", "no manifest is published")


def test_no_program(site):
    with override_settings(AI_ASSISTANT=operation.site(site, ORMD="/nowhere/ormd")):
        diagnosed("ormd", "no program at AI_ASSISTANT['ORMD'] = '/nowhere/ormd'")


def test_a_program_that_does_not_start(site, monkeypatch):
    monkeypatch.setenv("FAKE_ORMD_LIFE", "dies")
    diagnosed("ormd", "ormd did not start: ormd: ORMC_SECRET is not set")


def test_no_server(site):
    with override_settings(AI_ASSISTANT=operation.site(site, ORMD_URL="http://127.0.0.1:1")):
        diagnosed("ormd", "does not answer at http://127.0.0.1:1")


def test_a_server_that_is_not_ready(site, fake):
    fake(readyz=[503, {"checks": {"reader": "ok", "manifest": "manifest-invalid"}}])
    diagnosed("ormd", "manifest: manifest-invalid", "ORMC_SECRET must be the same")
    fake(readyz=[404, {}])
    diagnosed("ormd", "is not ormd (HTTP 404)")


def test_a_key_that_cannot_be_opened(site):
    config = models.AIConfig.load()
    config.set_api_key("sk-1234")
    config.save()
    models.AIConfig.objects.update(api_key="k1.AAAA")
    diagnosed("provider", "enter the key again")


def test_the_provider_is_asked(site, fake, boss):
    config = models.AIConfig.load()
    config.set_api_key("sk-1234")
    config.save()
    said = {"ok": False, "message": "The provider refused the key.", "hint": "Enter a valid key."}
    fake(**{"ai-assistant__api__settings__check": [200, said]})
    diagnosed("provider", "The provider refused the key.", "Enter a valid key.")
    fake(**{"ai-assistant__api__settings__check": [200, {"ok": True}]})
    code, said = operation.run("ai_assistant_doctor")
    assert code == 0 and "✓ provider" in said


def test_switched_off_in_the_settings(site):
    models.AIConfig(enabled=False).save()
    code, said = operation.run("ai_assistant_doctor")
    assert code == 0 and "○ provider   switched off" in said


def test_it_works_with_an_old_terminal(site):
    """Marks that the terminal's encoding lacks become words."""
    import io

    from django.core.management import call_command

    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    call_command("ai_assistant_doctor", stdout=out)
    out.flush()
    assert raw.getvalue().decode().startswith("ok settings")


def test_secrets_are_not_shown(site):
    environment.write(conf.env_file(), {"ORMD_STORE_DSN": roles.ROLES[1].dsn.replace("@", "x@")})
    _, said = operation.run("ai_assistant_doctor")
    assert not any(value in said for value in environment.read(conf.env_file()).values())


@pytest.mark.parametrize("name", ["manifest", "policy"])
def test_an_ormd_of_another_database(site, fake, name):
    fake(readyz=(200, {"status": "ok", "checks": {}, "versions": {name: "f" * 64}}))
    diagnosed("ormd", f"serves another {name} than is published here", "ORMD_STORE_DSN")


def test_an_ormd_of_another_release(site, fake):
    fake(readyz=(200, {"status": "ok", "checks": {}, "versions": {"ormd": "9.9.9"}}))
    code, said = operation.run("ai_assistant_doctor")
    assert code == 0 and "○ ormd       ormd is 9.9.9, the app" in said
