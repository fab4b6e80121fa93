"""Whoever asks sees no row and no column that the admin's own pages deny (R10)."""

import random

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.checks import run_checks
from django.test import RequestFactory, override_settings
from nasty.models import Club, Gadget, Person
from shop.models import Order, Product, Review

from ai_assistant import admin_rules, manifest, policy, rights, visible

pytestmark = pytest.mark.django_db


class OwnRows(admin.ModelAdmin):
    def get_queryset(self, request):
        return super().get_queryset(request).filter(author=request.user)


class SuperusersAlone(admin.ModelAdmin):
    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser


class Inherited(SuperusersAlone):
    list_display = ["name"]


class FewFields(admin.ModelAdmin):
    def get_exclude(self, request, obj=None):
        return ["price"]


class WithoutCost(admin.ModelAdmin):
    exclude = ["cost", "stock", "weight"]
    list_display = ["name", "stock"]


OWN = {Review: OwnRows, Person: SuperusersAlone, Club: Inherited, Gadget: FewFields, Product: WithoutCost}


@pytest.fixture
def site(monkeypatch):
    """The example's admin, where some models have rules of their own."""
    registry = admin.site._registry
    for model, cls in OWN.items():
        monkeypatch.setitem(registry, model, cls(model, admin.site))
    return registry


def test_what_only_code_knows_is_hidden(site):
    assert [label for label, _ in admin_rules.unknown_rules()] == [
        "nasty.Club",
        "nasty.Gadget",
        "nasty.Person",
        "nasty.Question",  # the example's own
        "shop.Review",
    ]
    assert {"nasty.Club", "nasty.Gadget", "nasty.Person", "shop.Review"} <= set(policy.build()["hidden"])


def test_excluded_fields_are_hidden_unless_listed(site):
    assert admin_rules.excluded_fields() == {"shop.Product.cost", "shop.Product.weight"}
    assert {"shop.Product.cost", "shop.Product.weight"} <= set(policy.build()["hidden"])


def test_the_check_names_class_file_and_line_to_add(site):
    found = {m.msg: m.hint for m in run_checks(tags=["ai_assistant"]) if m.id == "ai_assistant.W005"}
    assert len(found) == 5
    (message,) = (m for m in found if "shop.Review" in m)
    assert message.startswith("tests.test_admin_rules.OwnRows (tests/test_admin_rules.py:")
    assert "overrides get_queryset" in message
    assert "AI_ASSISTANT['ADMIN_ROWS'] = {'shop.Review': 'same'}" in found[message]


@override_settings(AI_ASSISTANT={"ADMIN_ROWS": {"shop.Review": "same"}})
def test_a_site_may_settle_a_rule(site):
    assert "shop.Review" not in policy.build()["hidden"]
    assert "nasty.Person" in policy.build()["hidden"]
    assert not [m for m in run_checks(tags=["ai_assistant"]) if "shop.Review" in m.msg]


@override_settings(AI_ASSISTANT={"ADMIN_ROWS": {"shop.Nothing": "same", "shop.Order": "all"}})
def test_a_rule_that_settles_nothing_is_an_error():
    found = [m.msg for m in run_checks(tags=["ai_assistant"]) if m.id == "ai_assistant.E004"]
    assert len(found) == 2 and "'all' of 'shop.Order'" in found[1]


def shown(user, registry, built):
    """{model: its columns} that the assistant shows a user, of those that the admin has pages for."""
    seen = visible.to_anybody(built).only(set(rights.viewable(user)))
    for description in built["models"]:
        if not seen.sees(description["label"]):
            continue
        for model in registry:
            if model._meta.label == description["label"]:
                yield model, {field["name"] for field in seen.fields(description["label"]) if field["concrete"]}


def test_fifty_staff_users_see_no_more_than_their_admin(site, django_user_model):
    built = manifest.build()
    permissions = list(Permission.objects.filter(codename__regex="^(view|change|add|delete)_"))
    draw = random.Random(20261122)
    seen = 0
    for number in range(50):
        user = django_user_model.objects.create_user(f"staff{number}", is_staff=True)
        user.user_permissions.set(draw.sample(permissions, draw.randrange(len(permissions))))
        user = django_user_model.objects.get(pk=user.pk)  # without the cache of permissions
        request = RequestFactory().get("/")
        request.user = user
        for model, columns in shown(user, site, built):
            page = site[model]
            seen += 1
            assert page.has_view_permission(request), (model, "the admin denies the page")
            rows = str(page.get_queryset(request).query)
            assert "WHERE" not in rows or rows == str(model._default_manager.all().query), model
            left_out = set(page.get_exclude(request) or ()) - set(page.get_list_display(request))
            assert not columns & left_out, model
    assert seen > 200, "the users must see something for this to say anything"
    assert Order in site
