"""Whoever asks sees no row and no column that the admin's own pages deny (R10)."""

import random

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.checks import run_checks
from django.db.models import Q
from django.test import RequestFactory, override_settings
from nasty.models import Club, Person
from shop.models import Category, Order, Product, Review, Tag

from ai_assistant import admin_rules, manifest, policy, rights, visible

from .conftest import schema

pytestmark = pytest.mark.django_db


class OwnRows(admin.ModelAdmin):
    def get_queryset(self, request):
        """Superusers all, others their own."""
        qs = super().get_queryset(request).select_related("product")
        if request.user.is_superuser:
            return qs
        return qs.filter(author=request.user)


class SuperusersAlone(admin.ModelAdmin):
    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser and super().has_view_permission(request, obj)


class Inherited(SuperusersAlone):
    list_display = ["name"]


class FewFields(admin.ModelAdmin):
    def get_exclude(self, request, obj=None):
        return ["owner"] if request.user.is_superuser else ["owner", "size"]


class WithoutCost(admin.ModelAdmin):
    exclude = ["cost", "stock", "weight"]
    list_display = ["name", "stock"]


class FewOnThePage(admin.ModelAdmin):
    fieldsets = [(None, {"fields": ["name", ("slug",)]})]
    list_display = ["name", "position"]


class ByCode(admin.ModelAdmin):
    def get_queryset(self, request):
        return super().get_queryset(request).filter(pk__in=request.session.get("tags", []))


OWN = {
    Review: OwnRows,
    Person: SuperusersAlone,
    Club: Inherited,
    Product: WithoutCost,
    Category: FewOnThePage,
    Tag: ByCode,
}


@pytest.fixture
def site(monkeypatch):
    """The example's admin, where some models have rules of their own."""
    registry = admin.site._registry
    for model, cls in OWN.items():
        monkeypatch.setitem(registry, model, cls(model, admin.site))
    return registry


def test_what_only_code_knows_is_hidden(site):
    assert [label for label, _ in admin_rules.unknown_rules()] == ["shop.Tag"]
    assert "shop.Tag" in policy.build()["hidden"]


@pytest.mark.parametrize("name", ["get_fields", "get_fieldsets", "get_form"])
def test_columns_that_only_code_knows_hide_the_model(site, monkeypatch, name):
    cls = type("ColumnsByCode", (admin.ModelAdmin,), {name: lambda self, request, obj=None: None})
    monkeypatch.setitem(site, Order, cls(Order, admin.site))
    assert Order._meta.label in admin_rules.hidden()


def test_what_can_be_read_is_a_rule_of_the_policy(site):
    none = "Q(pk__in=[])"
    assert policy.build()["rows"] == [
        {"model": "nasty.Club", "where": "Q()", "superusers": True},
        {"model": "nasty.Club", "where": none},
        {"model": "nasty.Person", "where": "Q()", "superusers": True},
        {"model": "nasty.Person", "where": none},
        {"model": "nasty.Question", "where": "Q()", "superusers": True},
        {"model": "nasty.Question", "where": "Q(flight__isnull=False)"},
        {"model": "shop.Review", "where": "Q()", "superusers": True},
        {"model": "shop.Review", "where": "Q(author=user.id)"},
    ]
    schema("policy").validate(policy.build())


def test_excluded_fields_are_hidden_unless_listed(site):
    excluded = {"shop.Category.parent", "shop.Product.cost", "shop.Product.weight"}
    assert admin_rules.excluded_fields() == excluded
    assert excluded <= set(policy.build()["hidden"])


def test_the_check_names_class_file_and_line_to_add(site):
    ((message, hint),) = ((m.msg, m.hint) for m in run_checks(tags=["ai_assistant"]) if m.id == "ai_assistant.W005")
    assert "shop.Tag cannot be asked about: tests.test_admin_rules.ByCode (tests/test_admin_rules.py:" in message
    assert "get_queryset: it uses other of request than who the user is" in message
    assert "AI_ASSISTANT['ADMIN_ROWS'] = {'shop.Tag': 'same'}" in hint
    assert "AI_ASSISTANT['ROWS'] = [{'model': 'shop.Tag', 'where': " in hint


@override_settings(AI_ASSISTANT={"ADMIN_ROWS": {"shop.Tag": "same", "shop.Review": "same"}})
def test_a_site_may_settle_a_rule(site):
    built = policy.build()
    assert "shop.Tag" not in built["hidden"]
    assert "shop.Review" not in {entry["model"] for entry in built["rows"]}
    assert not [m for m in run_checks(tags=["ai_assistant"]) if m.id == "ai_assistant.W005"]


@override_settings(AI_ASSISTANT={"ROWS": [{"model": "shop.Tag", "where": "Q(name='new')"}]})
def test_a_site_may_give_the_rows(site):
    built = policy.build()
    assert "shop.Tag" not in built["hidden"] and built["rows"][0] == {"model": "shop.Tag", "where": "Q(name='new')"}


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


def policy_rows(model, user):
    """As the compiler chooses them: the first entry that concerns the user."""
    entries = [entry for entry in policy.build().get("rows", ()) if entry["model"] == model._meta.label]
    found = [entry["where"] for entry in entries if user.is_superuser or not entry.get("superusers")]
    return found[0] if found else "Q()"


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
            rows = policy_rows(model, user)
            if not page.has_view_permission(request):
                assert rows == "Q(pk__in=[])", (model, "the admin denies the page")
                continue
            given = model._default_manager.filter(eval(rows, {"Q": Q, "user": user}))
            assert page.get_queryset(request).order_by().query.where == given.order_by().query.where, model
            left_out = set(page.get_exclude(request) or ()) - set(page.get_list_display(request))
            assert not columns & left_out, model
    assert seen > 200, "the users must see something for this to say anything"
    assert Order in site
