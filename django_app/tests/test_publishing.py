"""What migrations publish, what the grants allow, and the commands around them."""

import io
import json
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings

from ai_assistant import grants, manifest, models, policy, publishing, secrets

from .conftest import ROOT, schema

pytestmark = pytest.mark.django_db
NEW_LOG_ROW = """
INSERT INTO ai_assistant_querylog (request_id, phase, state, user_id)
VALUES ('00000000-0000-0000-0000-000000000001', 'accepted', 'running', '1')
"""


def output(*arguments, **options):
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_migrate_published_manifest_and_policy(built):
    row = models.Manifest.objects.get()
    assert row.fingerprint == built["fingerprint"]
    assert json.loads(row.body) == json.loads(manifest.written(built))
    assert secrets.verify("manifest", row.fingerprint, row.body, row.hmac)
    row = models.Policy.objects.get()
    assert row.fingerprint == policy.fingerprint(row.body)
    assert secrets.verify("policy", row.fingerprint, row.body, row.hmac)


def test_the_last_five_are_kept(built):
    for number in range(7):
        changed = {**built, "versions": {**built["versions"], "ormc": str(number)}}
        changed["fingerprint"] = manifest.fingerprint(changed)
        publishing.publish(changed)
    rows = models.Manifest.objects.all()
    assert [json.loads(row.body)["versions"]["ormc"] for row in rows] == ["6", "5", "4", "3", "2"]
    publishing.publish(json.loads(rows[3].body))
    assert json.loads(models.Manifest.objects.first().body)["versions"]["ormc"] == "3"
    assert models.Manifest.objects.count() == publishing.KEPT


@override_settings(AI_ASSISTANT={"ENABLED": False})
def test_switched_off_publishes_nothing():
    models.Manifest.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert not models.Manifest.objects.exists()


def test_publish_by_command(built):
    models.Manifest.objects.all().delete()
    assert output("ormc_manifest", publish=True) == ""
    assert models.Manifest.objects.get().fingerprint == built["fingerprint"]


@override_settings(
    AI_ASSISTANT={
        "HIDDEN": ["shop.Customer.email"],
        "SHOWN": ["sessions.Session"],
        "MASKED": [{"field": "shop.Profile.phone", "how": "last4"}],
        "LIMITS": {"max_rows": 50},
    }
)
def test_policy_command():
    found = json.loads(output("ormc_policy"))
    schema("policy").validate(found)
    assert "shop.Customer.email" in found["hidden"] and "auth.User.password" in found["hidden"]
    assert "sessions.Session" not in found["hidden"] and not found["default_hidden"]
    assert found["masked"] == [{"field": "shop.Profile.phone", "how": "last4"}]
    assert found["limits"]["max_rows"] == 50


@override_settings(DATABASE_ROUTERS=["tests.test_checks.Elsewhere"], AI_ASSISTANT={"SHOWN": ["shop.Tag"]})
def test_a_model_of_another_database_cannot_be_shown():
    assert "shop.Tag" in policy.build()["hidden"] and "shop.Order" not in policy.build()["hidden"]


def test_the_policy_names_only_what_the_project_has(built):
    """The compiler refuses a policy with a name that the manifest lacks."""
    models = {model["label"]: {field["name"] for field in model["fields"]} for model in built["models"]}
    for name in policy.build()["hidden"]:
        label, field = (name if name.count(".") == 1 else name.rpartition(".")[0]), name.split(".")[2:]
        assert label in models and set(field) <= models[label]


def test_the_compiler_hides_nothing_that_we_grant():
    compiled = (ROOT.parent / "compiler" / "policy" / "default_hidden.cpp").read_text()
    names = re.findall(r'^    "([^"]+)",$', compiled, re.MULTILINE)
    assert len(names) > 50 and set(names) <= set(policy.SECRET)


def test_user_command(staff, built):
    for codename in ("view_order", "change_customer", "add_product"):
        staff.user_permissions.add(Permission.objects.get(codename=codename, content_type__app_label="shop"))
    found = json.loads(output("ormc_user", "ann"))
    schema("user").validate(found)
    assert found["view"] == ["shop.Customer", "shop.Order"]
    assert (found["superuser"], found["manifest"]) == (False, built["fingerprint"])


def test_a_superuser_views_all(boss, built):
    found = json.loads(output("ormc_user", "boss"))
    assert found["superuser"] and found["view"] == [model["label"] for model in built["models"]]


def test_an_inactive_user_views_nothing(boss):
    boss.is_active = False
    boss.save()
    found = json.loads(output("ormc_user", "boss"))
    assert not found["superuser"] and found["view"] == []


@pytest.fixture
def roles():
    with connection.cursor() as cursor:
        for role in ("ormc_test_reader", "ormc_test_store"):
            cursor.execute(f"CREATE ROLE {role}")
    output("ormc_grants", reader="ormc_test_reader", store="ormc_test_store", apply=True)


def as_role(role, statement):
    """Runs a statement as a role; whether it was allowed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute(statement)
            cursor.execute("RESET ROLE")
    except ProgrammingError as error:
        assert "permission denied" in str(error)
        return False
    return True


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("SELECT id, username FROM auth_user", True),
        ("SELECT count(*) FROM auth_user", True),
        ("SELECT password FROM auth_user", False),
        ("SELECT * FROM auth_user", False),
        ("SELECT 1 FROM auth_user ORDER BY password", False),
        ("SELECT session_key FROM django_session", False),
        ('SELECT "Title of book" FROM nasty_books."The Ledger"', True),
        ("SELECT total FROM nasty_ledger_total", True),
        ("SELECT id FROM shop_product_tags", True),
        ("SELECT id FROM ai_assistant_message", False),
        ("DELETE FROM shop_tag", False),
    ],
)
def test_what_the_reader_may(roles, statement, allowed):
    assert as_role("ormc_test_reader", statement) is allowed


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        (NEW_LOG_ROW, True),
        ("SELECT * FROM ai_assistant_querylog", True),
        ("UPDATE ai_assistant_querylog SET question = ''", False),
        ("DELETE FROM ai_assistant_querylog", False),
        ("TRUNCATE ai_assistant_querylog", False),
        ("INSERT INTO ai_assistant_job (kind) VALUES ('x')", True),
        ("DELETE FROM ai_assistant_streamevent", True),
        ("SELECT ai_assistant_normalize('x')", True),
        ("SELECT body FROM ai_assistant_manifest", True),
        ("UPDATE ai_assistant_policy SET body = ''", False),
        ("UPDATE ai_assistant_aiconfig SET base_url = ''", False),
        ("SELECT id FROM auth_user", False),
    ],
)
def test_what_the_store_may(roles, statement, allowed):
    assert as_role("ormc_test_store", statement) is allowed


def test_what_the_site_reads_by_itself_is_granted(built):
    rows = [
        {"model": "shop.Order", "where": "Q(note='', customer__user_id=user.id)"},
        {"model": "shop.Review", "where": "Q(product__in=Product.objects.filter(tags__name=OuterRef('title')))"},
    ]
    hidden = ["shop.Order.note", "shop.Customer", "shop.Tag", "shop.Review.title", "shop.Review.body"]
    with override_settings(AI_ASSISTANT={"HIDDEN": hidden, "ROWS": rows}):
        granted = {model["label"]: set(columns) for model, columns in grants.readable(built)}
    assert "note" in granted["shop.Order"] and "customer_id" in granted["shop.Order"]
    assert granted["shop.Customer"] == {"id", "user_id"}
    assert granted["shop.Tag"] == {"id", "name"}
    assert granted["shop.Product_tags"] == {"product_id", "tag_id"}
    assert "title" in granted["shop.Review"] and "body" not in granted["shop.Review"]


@pytest.mark.parametrize("where", ["Q(note=", "Q(nothing__at__all=1)", "Q(**{'note': 1})", "~Q()"])
def test_a_rule_that_does_not_hold_is_ormds_to_refuse(built, where):
    with override_settings(AI_ASSISTANT={"ROWS": [{"model": "shop.Order", "where": where}]}):
        assert any(model["label"] == "shop.Order" for model, _ in grants.readable(built))


def test_grants_are_printed_by_default():
    text = output("ormc_grants", reader="odd role", store="s")
    assert 'GRANT SELECT ("id", "last_login", "is_superuser"' in text
    assert 'ON TABLE "auth_user" TO "odd role";' in text
