"""Which code of a ModelAdmin is read as a rule for rows, and what is left alone."""

import pytest
from django.contrib import admin
from django.db.models import Q
from shop.models import Order, Product, Review

from ai_assistant import row_rules
from ai_assistant.manifest.expressions import Inexpressible

LEAST = 3


def made(model, function, name="get_queryset", base=admin.ModelAdmin):
    return type("Made", (base,), {name: function})(model, admin.site)


class Base(admin.ModelAdmin):
    def get_queryset(self, request):
        return super().get_queryset(request).filter(rating__gte=LEAST)


class Mine(Base):
    def get_queryset(self, request):
        qs = super().get_queryset(request)
        if not request.user.is_superuser:
            qs = qs.filter(author__username=request.user.username).exclude(Q(rating=5) | Q(author=request.user))
        return qs.order_by("pk")


class Paid(admin.ModelAdmin):
    def get_queryset(self, request):
        rows = super(Paid, self).get_queryset(request)  # noqa: UP008
        return rows.filter(status=Order.Status.PAID, products__stock__gt=0).distinct()


class Nobody(admin.ModelAdmin):
    def get_queryset(self, request):
        return super().get_queryset(request) if request.user.is_superuser else super().get_queryset(request).none()


@pytest.mark.parametrize(
    ("cls", "model", "superusers", "others"),
    [
        (Base, Review, None, "Q(rating__gte=3)"),
        (
            Mine,
            Review,
            "Q(rating__gte=3)",
            "Q(rating__gte=3) & Q(author__username=user.username) & ~Q(Q(rating=5) | Q(author=user.id))",
        ),
        (Paid, Order, None, "Q(status=Order.Status.PAID, products__stock__gt=0)"),
        (Nobody, Order, "Q()", "Q(pk__in=[])"),
        (admin.ModelAdmin, Order, None, None),
    ],
)
def test_what_is_read(cls, model, superusers, others):
    label = model._meta.label
    wanted = [{"model": label, "where": superusers, "superusers": True}] if superusers else []
    wanted += [{"model": label, "where": others}] if others else []
    assert row_rules.rows(model, cls(model, admin.site)) == wanted


class Refused:
    def of_session(self, request):
        return admin.ModelAdmin.get_queryset(self, request).filter(pk__in=request.session["x"])

    def of_tenant(self, request):
        return super().get_queryset(request).filter(author=request.user.profile)

    def no_user(self, request):
        return super().get_queryset(request).filter(product=request.user)

    def of_group(self, request):
        if request.user.groups.filter(name="x").exists():
            return super().get_queryset(request)
        return super().get_queryset(request).none()

    def loops(self, request):
        for _ in ():
            pass
        return super().get_queryset(request)

    def annotates(self, request):
        return super().get_queryset(request).annotate(n=1).filter(n=1)

    def unpacks(self, request):
        return super().get_queryset(request).filter(**{"rating": 1})  # noqa: PIE804

    def ends(self, request):  # noqa: RET503
        if request.user.is_superuser:
            return super().get_queryset(request)

    def misspelt(self, request):
        return super().get_queryset(request).filter(ratin=1)


@pytest.mark.parametrize("name", [name for name in vars(Refused) if not name.startswith("_")])
def test_what_is_not_read(name):
    with pytest.raises(Inexpressible):
        row_rules.rows(Review, made(Review, vars(Refused)[name]))


class Twice(admin.ModelAdmin):
    def get_queryset(self, request):
        return super().get_queryset(request).filter(tags__name="a").filter(tags__name="b")


def test_two_conditions_of_related_rows_are_not_one():
    with pytest.raises(Inexpressible, match="twice by related rows"):
        row_rules.rows(Product, Twice(Product, admin.site))
