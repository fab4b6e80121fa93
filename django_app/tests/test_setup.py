"""ai_assistant_setup: what it prints, what --dev makes, again and again, and where it may not."""

import stat

import pytest
from django.core.management import CommandError
from django.db import connection
from django.test import override_settings

from ai_assistant import conf
from ai_assistant.operation import environment, roles, steps

from . import operation
from .conftest import manage


@pytest.fixture(autouse=True)
def site(tmp_path, monkeypatch, django_db_setup, django_db_blocker):
    """Not in a transaction: the new roles log in. Of the tables nothing changes, so nothing is flushed."""
    monkeypatch.delenv("ORMC_TOKEN_KEY")
    with django_db_blocker.unblock(), override_settings(AI_ASSISTANT=operation.site(tmp_path)):
        operation.drop_roles()
        yield tmp_path
        operation.drop_roles()


def owner():
    """May use the tables; that it is a superuser is not inherited."""
    return connection.settings_dict["USER"]


def written(site):
    return environment.read(site / ".ormd" / "env")


@pytest.mark.django_db(transaction=True)  # tables are made only where some test is marked: this file runs alone, too
def test_without_dev_it_prints_and_changes_nothing(site):
    code, said = operation.run("ai_assistant_setup")
    assert code == 1
    assert "✗ secrets" in said and "ORMC_TOKEN_KEY=" in said
    assert f"CREATE ROLE {operation.READER} LOGIN NOSUPERUSER" in said and "PASSWORD '...'" in said
    assert f"ORMD_READER_DSN=postgresql://{operation.READER}:PASSWORD@" in said
    assert "manage.py ormc_grants --apply" in said and "✓ published" in said
    assert written(site) == {} and roles.row(roles.ROLES[0]) is None


def test_dev_does_all_of_it(site):
    code, said = operation.run("ai_assistant_setup", "--dev")
    assert code == 0, said
    assert all(step.look() is None for step in steps.STEPS)
    values = written(site)
    assert set(values) == {"ORMC_TOKEN_KEY", "ORMC_SECRET", "ORMD_READER_DSN", "ORMD_STORE_DSN"}
    assert all(roles.why_unreachable(role, role.dsn) is None for role in roles.ROLES)
    assert stat.S_IMODE((site / ".ormd" / "env").stat().st_mode) == 0o600
    assert (site / ".ormd" / ".gitignore").read_text() == "*\n"
    assert not any(value in said for value in values.values())


def test_again_it_changes_nothing(site):
    operation.run("ai_assistant_setup", "--dev")
    before = written(site)
    code, said = operation.run("ai_assistant_setup", "--dev")
    assert code == 0 and written(site) == before and "+" not in said


def test_what_was_lost_is_made_again(site):
    operation.run("ai_assistant_setup", "--dev")
    before = written(site)
    operation.sql(f"DROP OWNED BY {operation.READER}", f"DROP ROLE {operation.READER}")
    code, said = operation.run("ai_assistant_setup", "--dev")
    assert code == 0 and "+ roles" in said and "+ grants" in said and written(site) == before


def test_a_role_that_exists_is_not_taken_over(site):
    operation.sql(f"CREATE ROLE {operation.STORE} LOGIN")
    code, said = operation.run("ai_assistant_setup", "--dev")
    assert code == 1 and f"The role {operation.STORE} exists, and its password is not known here" in said
    assert operation.run("ai_assistant_setup", "--dev", "--new-passwords")[0] == 0
    assert all(roles.why_unreachable(role, role.dsn) is None for role in roles.ROLES)


def test_without_the_right_to_make_roles_it_prints_the_sql(site):
    """What the DBA runs holds no password, and lets ormd in."""
    operation.sql("CREATE ROLE ormc_try_owner", f"GRANT {owner()} TO ormc_try_owner", "SET ROLE ormc_try_owner")
    code, said = operation.run("ai_assistant_setup", "--dev")
    operation.sql("RESET ROLE", "DROP ROLE ormc_try_owner")
    assert code == 1 and "may not create roles" in said
    statements = [line.strip() for line in said.splitlines() if line.strip().startswith("CREATE ROLE")]
    assert len(statements) == 2 and all("SCRAM-SHA-256$4096:" in statement for statement in statements)
    assert not any(roles.password_of(role.dsn) in said for role in roles.ROLES)
    operation.sql(*statements)
    assert operation.run("ai_assistant_setup", "--dev")[0] == 0


def test_a_connection_string_that_does_not_connect_is_said(site):
    operation.run("ai_assistant_setup", "--dev")
    wrong = roles.ROLES[0].dsn.replace(roles.password_of(roles.ROLES[0].dsn), "wrong")
    environment.write(conf.env_file(), {"ORMD_READER_DSN": wrong})
    code, said = operation.run("ai_assistant_setup", "--dev")
    assert code == 1 and "ORMD_READER_DSN does not connect" in said and "wrong" not in said


def test_rfc_5802_s_verifier():
    """pgcrypto's own words for a known salt, as PostgreSQL 15 wrote them into pg_authid."""
    salt = bytes(range(16))
    operation.sql(f"CREATE ROLE {operation.READER} LOGIN PASSWORD '{roles.scram('pencil', salt)}'")
    role = roles.ROLES[0]
    dsn = roles.new_dsn(role)
    right = dsn.replace(roles.password_of(dsn), "pencil")
    assert roles.why_unreachable(role, right) is None
    assert roles.why_unreachable(role, dsn)


def test_dev_is_for_development(site):
    with override_settings(AI_ASSISTANT={}), pytest.raises(CommandError, match="DEBUG is off"):
        operation.run("ai_assistant_setup", "--dev")


def test_switched_off(site):
    with override_settings(AI_ASSISTANT={"enabled": False}), pytest.raises(CommandError, match="ENABLED"):
        operation.run("ai_assistant_setup")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=1\n# B=2\n\nC = x=y \n", {"A": "1", "C": "x=y"}),
        ('A="with space"\nB=\'q\'\nC="\n', {"A": "with space", "B": "q", "C": '"'}),
    ],
)
def test_the_file_is_systemd_s(tmp_path, text, found):
    path = tmp_path / "env"
    path.write_text(text)
    assert environment.read(path) == found


def test_a_file_that_cannot_be_read_is_no_empty_one(site):
    (site / ".ormd" / "env").mkdir(parents=True)
    code, said = operation.run("ai_assistant_doctor")
    assert code == 1 and "✗ secrets" in said and "cannot be read" in said


def test_in_a_process_without_a_database():
    """A broken database is a finding."""
    environment_without = {"ORMC_DB_HOST": "127.0.0.1", "ORMC_DB_PORT": "1", "ORMC_TOKEN_KEY": "k" * 40}
    said = manage("ai_assistant_doctor", fails=1, **environment_without)
    assert "✗ database" in said and "cannot be reached" in said
