"""Staff users with permissions by chance, and the office's rows: some of every user's and every tenant's."""

from __future__ import annotations

import random

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone

USERS = 50
EVERY_SUPERUSER = 10  # one user in so many


def users(chance: random.Random) -> list[User]:
    found = Permission.objects.exclude(content_type__app_label="ai_assistant")
    permissions = list(found.order_by("content_type__app_label", "codename"))
    groups = [Group.objects.create(name=f"group{number}") for number in range(5)]
    for group in groups:
        group.permissions.set(chance.sample(permissions, 20))
    made = []
    for number in range(USERS):
        superuser = number % EVERY_SUPERUSER == 0
        user = User.objects.create(username=f"staff{number}", is_staff=True, is_superuser=superuser)
        own = chance.randrange(len(permissions) // 2)
        user.user_permissions.set(chance.sample(permissions, own))
        user.groups.set(chance.sample(groups, chance.randrange(3)))
        made.append(user)
    return made


def office(chance: random.Random, staff: list[User]) -> None:
    from office import models

    def make(model, number, **values):
        return model.objects.create(code=f"{model.__name__}-{number}", **values)

    tenants = [make(models.Company, number, plan="basic") for number in range(6)]
    for tenant in tenants:
        tenant.members.set(chance.sample(staff, 12))
    labels = [make(models.Label, number) for number in range(8)]
    for number in range(30):
        contract = make(
            models.Contract, number, tenant=chance.choice(tenants), terms="net", margin=number
        )
        make(models.Invoice, number, contract=contract, amount=number)
        make(models.Secret, number, tenant=contract.tenant)
        for copy in range(4):
            owner = staff[(4 * number + copy) % len(staff)]
            note = make(
                models.Memo, f"{number}-{copy}", owner=owner, contract=contract, text="t", mood="m"
            )
            note.labels.set(chance.sample(labels, 2))
            deleted = chance.random() < 0.4
            make(
                models.File,
                f"{number}-{copy}",
                note=note,
                path="p",
                deleted_at=timezone.now() if deleted else None,
            )
            make(models.Task, f"{number}-{copy}", note=note, deleted=deleted, hours=1, rate=2)
    for number, person in enumerate(staff):
        make(models.Salary, number, person=person, amount=number)
    for model in apps.get_app_config("office").get_models():
        if issubclass(model, models.Columns):
            make(model, 1, first="f", second="s")
