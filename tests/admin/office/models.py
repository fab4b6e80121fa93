"""What sites keep by user: rows with an owner, rows of tenants, rows that are deleted but still there."""

from django.conf import settings
from django.db import models


class Living(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(deleted_at__isnull=True)


class Coded(models.Model):
    """`code` tells a row from all others, for paths that end at it."""

    code = models.CharField(max_length=20, unique=True)

    class Meta:
        abstract = True


class Company(Coded):
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="tenants")
    plan = models.CharField(max_length=20)


class Contract(Coded):
    tenant = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contracts")
    terms = models.CharField(max_length=20)
    margin = models.IntegerField()


class Invoice(Coded):
    """Its rows are given by the settings: the ModelAdmin's own code is not read."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="invoices")
    amount = models.IntegerField()


class Label(Coded):
    pass


class Memo(Coded):
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notes"
    )
    contract = models.ForeignKey(
        Contract, null=True, on_delete=models.CASCADE, related_name="notes"
    )
    labels = models.ManyToManyField(Label, related_name="notes")
    text = models.CharField(max_length=20)
    mood = models.CharField(max_length=20)


class File(Coded):
    """Soft deletes by the default manager."""

    note = models.ForeignKey(Memo, on_delete=models.CASCADE, related_name="files")
    deleted_at = models.DateTimeField(null=True, blank=True)
    path = models.CharField(max_length=20)
    checksum = models.CharField(max_length=20, editable=False)

    objects = Living()
    everything = models.Manager()


class Task(Coded):
    """Soft deletes by the ModelAdmin."""

    note = models.ForeignKey(Memo, null=True, on_delete=models.CASCADE, related_name="tasks")
    deleted = models.BooleanField(default=False)
    hours = models.IntegerField()
    rate = models.IntegerField()


class Salary(Coded):
    """For superusers alone."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="salaries"
    )
    amount = models.IntegerField()


class Secret(Coded):
    """Only code knows its rows, and nobody has said them."""

    tenant = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="secrets")


class Columns(Coded):
    """One row; a ModelAdmin for each way to leave `second` out is put on a child of it."""

    first = models.CharField(max_length=20)
    second = models.CharField(max_length=20)

    class Meta:
        abstract = True


class ByFields(Columns):
    pass


class ByFieldsets(Columns):
    pass


class ByForm(Columns):
    pass


class ByFormExclude(Columns):
    pass


class ByGetFields(Columns):
    pass


class ByGetFieldsets(Columns):
    pass


class ByGetForm(Columns):
    pass


class ByGetExclude(Columns):
    pass


class ByGetListDisplay(Columns):
    pass


class Listed(Columns):
    """Left out of the form and shown by the list."""
