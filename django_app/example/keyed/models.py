"""Composite primary keys (Django 5.2): a relation of two columns, a key with a UUID, a key with a time."""

import uuid

from django.db import models


class Tenant(models.Model):
    name = models.CharField(max_length=20)


class Member(models.Model):
    pk = models.CompositePrimaryKey("tenant_id", "id")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE)
    id = models.SmallIntegerField(unique=True)
    email = models.EmailField(unique=True)


class Remark(models.Model):
    pk = models.CompositePrimaryKey("tenant", "id")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="remarks")
    id = models.SmallIntegerField(unique=True, db_column="remark_id")
    member_id = models.SmallIntegerField(null=True)
    member = models.ForeignObject(
        Member,
        on_delete=models.CASCADE,
        from_fields=("tenant_id", "member_id"),
        to_fields=("tenant_id", "id"),
        related_name="remarks",
        null=True,
    )
    text = models.TextField(default="", blank=True)
    number = models.IntegerField(default=0)


class Parcel(models.Model):
    pk = models.CompositePrimaryKey("tenant_id", "id")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE)
    id = models.UUIDField(default=uuid.uuid4)


class Reading(models.Model):
    pk = models.CompositePrimaryKey("meter", "taken")
    meter = models.SmallIntegerField()
    taken = models.DateTimeField()
    value = models.DecimalField(max_digits=8, decimal_places=2, null=True)
