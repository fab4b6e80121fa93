"""What a policy shows and to whom, in words: `ormc_policy --diff` and `ai_assistant_preview`."""

import json

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError
from django.test import override_settings

from ai_assistant import policy
from ai_assistant.visible import Visible

from .operation import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerks(staff):
    group = Group.objects.create(name="Clerks")
    group.permissions.set(Permission.objects.filter(codename__in=["view_order", "change_product", "view_tag"]))
    staff.groups.add(group)
    return group


def compare(folder, old, **settings):
    path = folder / "old.json"
    path.write_text(json.dumps(old))
    with override_settings(AI_ASSISTANT=settings):
        return run("ormc_policy", "--diff", str(path))


def policy_with(**settings):
    with override_settings(AI_ASSISTANT=settings):
        return policy.build()


def test_the_same_policy_shows_nothing_new(tmp_path):
    assert compare(tmp_path, policy_with()) == (0, "Nothing is newly shown.\n")


def test_a_model_a_field_a_mask_and_a_limit(tmp_path, clerks):
    old = policy_with(
        HIDDEN=["shop.Tag", "shop.Product.cost"],
        MASKED=[{"field": "shop.Customer.email", "how": "fixed"}, {"field": "shop.Customer.city", "how": "hash"}],
        LIMITS={"max_rows": 100, "joins": 9},
    )
    code, said = compare(
        tmp_path,
        old,
        HIDDEN=["shop.Coupon"],
        MASKED=[{"field": "shop.Customer.email", "how": "domain"}],
        LIMITS={"max_rows": 500, "joins": 3},
    )
    assert code == 1
    more, less = said.split("Newly kept back:\n")
    assert more.splitlines() == [
        "Newly shown:",
        "  shop.Customer.email: masked (domain), was masked (fixed); to superusers",
        "  shop.Customer.city: shown, was masked (hash); to superusers",
        "  shop.Product.cost: shown, was hidden; to superusers, group Clerks",
        "  shop.Product.tags: shown, was hidden; to superusers, group Clerks",
        "  shop.Tag: the model is shown, with id, name, color; to superusers, group Clerks",
        "  limit max_rows: 500, was 100",
    ]
    assert "  shop.Coupon: the model is hidden" in less and "  limit joins: 3, was 9" in less


def test_what_the_default_list_hid_is_known(tmp_path):
    old = {"format": 1, "hidden": [], "limits": {"max_rows": 100}, "rows": policy_with()["rows"]}
    assert compare(tmp_path, old)[0] == 0
    code, said = compare(tmp_path, old, SHOWN=["auth.User.password"])
    assert code == 1 and "  auth.User.password: shown, was hidden; to superusers" in said


OWN = {"model": "shop.Order", "where": "Q(customer__user_id=user.id)"}
ALL = {"model": "shop.Order", "where": "Q()", "superusers": True}


def test_rules_for_rows(tmp_path, clerks):
    ruled = policy_with(ROWS=[ALL, OWN])
    code, said = compare(tmp_path, ruled)
    words = "rows Q() for superusers; rows Q(customer__user_id=user.id) for everybody"
    assert code == 1 and f"  shop.Order: all rows, was {words}; to superusers, group Clerks" in said
    code, said = compare(tmp_path, policy_with(), ROWS=[ALL, OWN])
    assert code == 0 and f"  shop.Order: {words}, was all rows" in said
    code, said = compare(tmp_path, ruled, ROWS=[OWN])
    assert code == 1 and f"  shop.Order: rows {OWN['where']} for everybody, was {words}" in said
    with override_settings(AI_ASSISTANT={"ROWS": [ALL, OWN]}):
        lines = run("ai_assistant_preview", "--group", "Clerks")[1].splitlines()
        assert next(line for line in lines if "shop.Order:" in line).endswith(f"; rows {OWN['where']}")
    with override_settings(AI_ASSISTANT={"ROWS": [ALL]}):
        lines = run("ai_assistant_preview", "--group", "Clerks")[1].splitlines()
        assert next(line for line in lines if "shop.Order:" in line).endswith("; no row")


EMAIL = "shop.Customer.email"
BY_GROUP = [
    {"field": EMAIL, "how": "shown", "superusers": True},
    {"field": EMAIL, "how": "hidden", "groups": ["Temps"]},
]


def test_masks_by_group(tmp_path, clerks):
    domain = {"field": EMAIL, "how": "domain"}
    code, said = compare(tmp_path, policy_with(MASKED=[domain]), MASKED=[*BY_GROUP, domain])
    words = "shown for superusers; hidden for group Temps; masked (domain) for everybody"
    assert code == 1 and f"  {EMAIL}: {words}, was masked (domain); to superusers" in said
    code, said = compare(tmp_path, policy_with(), MASKED=[*BY_GROUP, domain])
    assert code == 0 and f"  {EMAIL}: {words}, was shown" in said
    clerks.permissions.add(Permission.objects.get(codename="view_customer"))
    for masks, shown in (([*BY_GROUP, domain], "email (masked: domain)"), (BY_GROUP, "email (masked: fixed)")):
        with override_settings(AI_ASSISTANT={"MASKED": masks}):
            assert shown in run("ai_assistant_preview", "--group", "Clerks")[1]
    Group.objects.filter(name="Clerks").update(name="Temps")
    with override_settings(AI_ASSISTANT={"MASKED": BY_GROUP}):
        lines = run("ai_assistant_preview", "--group", "Temps")[1].splitlines()
        assert "email" not in next(line for line in lines if "shop.Customer:" in line)


def test_aggregates_only(tmp_path, clerks):
    rows = {"model": "shop.Order", "superusers": True}
    groups = {"model": "shop.Order", "smallest_group": 10}
    words = "its rows for superusers; aggregates over 10 rows or more for everybody"
    code, said = compare(tmp_path, policy_with(), AGGREGATES_ONLY=[rows, groups])
    assert code == 0 and f"  shop.Order: {words}, was its rows" in said
    code, said = compare(tmp_path, policy_with(AGGREGATES_ONLY=[rows, groups]))
    assert code == 1 and f"  shop.Order: its rows, was {words}; to superusers, group Clerks" in said
    for entries, end in (
        ([rows, groups], "; only aggregates over 10 rows or more"),
        ([groups, rows], " over 10 rows or more"),
    ):
        with override_settings(AI_ASSISTANT={"AGGREGATES_ONLY": entries}):
            lines = run("ai_assistant_preview", "--group", "Clerks")[1].splitlines()
            assert next(line for line in lines if "shop.Order:" in line).endswith(end)
    with override_settings(AI_ASSISTANT={"AGGREGATES_ONLY": [{"model": "shop.Order", "groups": ["Clerks"]}, groups]}):
        assert "only aggregates" not in run("ai_assistant_preview", "--group", "Clerks")[1]


def test_what_the_language_model_is_told(tmp_path, clerks):
    told = {"TOLD": {"except": ["shop.Order.note"], "choices": False}, "REGEX": False}
    code, said = compare(tmp_path, policy_with(), **told)
    assert code == 0 and said.splitlines()[1:] == [
        "  regular expressions: off",
        "  shop.Order.note: not told to the language model",
        "  choices: not told to the language model",
        "Nothing is newly shown.",
    ]
    code, said = compare(tmp_path, policy_with(**told))
    assert code == 1 and "  shop.Order.note: told to the language model" in said
    with override_settings(AI_ASSISTANT=told):
        assert run("ai_assistant_preview")[1].endswith("  not told to the language model: shop.Order.note\n")


@pytest.mark.parametrize("text", ["[]", "{", '{"format": 2, "hidden": []}'])
def test_what_is_no_policy_is_said(tmp_path, text):
    (tmp_path / "old.json").write_text(text)
    with pytest.raises(CommandError, match="is no policy"):
        run("ormc_policy", "--diff", str(tmp_path / "old.json"))


def test_a_groups_view(clerks):
    with override_settings(AI_ASSISTANT={"HIDDEN": ["shop.Tag", "shop.Product.cost"]}):
        code, said = run("ai_assistant_preview", "--group", "Clerks")
    lines = said.splitlines()
    assert lines[0] == "group Clerks (1 active staff)"
    order = next(line for line in lines if line.startswith("  shop.Order: "))
    assert "customer_id (the key alone)" in order and "placed_at" in order
    product = next(line for line in lines if line.startswith("  shop.Product: "))
    assert "cost" not in product and "tags" not in product and "price" in product
    assert lines[-1] == "  kept back by the policy, though permitted: shop.Tag"
    assert len(lines) == 4


def test_a_users_view(staff, boss, clerks):
    with override_settings(AI_ASSISTANT={"MASKED": [{"field": "shop.Customer.email", "how": "domain"}]}):
        assert "shop.Order: " in run("ai_assistant_preview", "--user", "ann")[1]
        assert "shop.Customer" not in run("ai_assistant_preview", "--user", "ann")[1]
        all_of_it = run("ai_assistant_preview", "--user", "boss")[1]
    assert "email (masked: domain)" in all_of_it and "auth.User: id, last_login" in all_of_it
    assert "ai_assistant." not in all_of_it


def test_who_cannot_ask(clerks, staff):
    with override_settings(AI_ASSISTANT={"ASK_PERMISSION": True}):
        assert "group Clerks (cannot ask: has no permission ai_assistant.ask)" in run("ai_assistant_preview")[1]
        assert "cannot ask" in run("ai_assistant_preview", "--user", "ann")[1]
    staff.is_staff = False
    staff.save()
    assert run("ai_assistant_preview", "--user", "ann")[1] == "user ann cannot ask: not active staff\n"


def test_unknown_names_are_said(clerks):
    with pytest.raises(CommandError, match="no group Clercs; there are: Clerks"):
        run("ai_assistant_preview", "--group", "Clercs")
    with pytest.raises(CommandError, match="no user nobody"):
        run("ai_assistant_preview", "--user", "nobody")


def test_what_descends_from_or_points_to_the_hidden_is_hidden(built):
    parents = {
        (model["label"], parent["model"])
        for model in built["models"]
        for parent in model["parents"]
        if not model["swapped"]
    }
    assert len(parents) == 2
    for child, parent in parents:
        seen = Visible(built, [parent])
        assert not seen.sees(parent) and not seen.sees(child)
    seen = Visible(built, ["shop.Customer.id"])
    assert not seen.sees("shop.Customer") and not seen.sees("shop.Order", "customer")
    assert seen.sees("shop.Order", "note")
    seen = Visible(built, ["shop.Tag"])
    assert not seen.sees("shop.Product", "tags") and not seen.sees("shop.Product_tags")
