"""Level 2 of the grants: what PUBLIC may do goes to the roles that are there, and the reader is not one of them."""

import pytest
from django.core.management import CommandError
from django.db import connection

from ai_assistant import hardening

from . import operation
from .operation import sql

pytestmark = pytest.mark.django_db
READER, OTHER = "ormc_hard_reader", "ormc_hard_other"


@pytest.fixture
def two_roles():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("this user is no superuser")
    sql(f"CREATE ROLE {READER} LOGIN", f"CREATE ROLE {OTHER} LOGIN")


def may(role, function="lo_create(oid)"):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege(%s, %s, 'EXECUTE')", [role, function])
        return cursor.fetchone()[0]


def may_make_tables(role):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege(%s, current_database(), 'TEMPORARY')", [role])
        return cursor.fetchone()[0]


def test_the_reader_loses_it_and_others_keep_it(two_roles):
    sql("CREATE FUNCTION of_its_owner() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
    functions, database = hardening.found("default")
    assert {"of_its_owner()", "lo_create(oid)", "pg_notify(text,text)"} <= set(functions) and database
    said = operation.run("ormc_grants", "--harden", "--apply", "--reader", READER)[1]
    assert f"-- lose what PUBLIC loses: {READER}, and every role" in said
    assert OTHER in said.split("-- keep it, each by a grant:")[1].splitlines()[0]
    assert hardening.found("default") == ([], None)
    for function in ("lo_create(oid)", "of_its_owner()", "query_to_xml(text,boolean,boolean,text)"):
        assert not may(READER, function) and may(OTHER, function)
    assert not may_make_tables(READER) and may_make_tables(OTHER)
    assert may(READER, "set_config(text,text,boolean)")


def test_it_is_printed_before_it_is_done(two_roles):
    said = operation.run("ormc_grants", "--harden", "--reader", READER)[1]
    assert "REVOKE EXECUTE ON ROUTINE lo_create(oid) FROM PUBLIC;" in said
    assert f'TO "{OTHER}"' in said or f', "{OTHER}"' in said
    assert may(READER), "nothing is changed"


def test_who_may_not_is_told(two_roles):
    sql(f"SET ROLE {OTHER}")
    with pytest.raises(CommandError, match="a superuser's to give"):
        operation.run("ormc_grants", "--harden", "--apply", "--reader", READER)
    sql("RESET ROLE")
