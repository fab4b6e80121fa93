"""Tables elsewhere, tables that are views, managers that hide rows, columns that lie."""

from django.db import models


class LiveManager(models.Manager):
    """Expressible: only the rows that are not deleted."""

    def get_queryset(self):
        return super().get_queryset().filter(deleted_at__isnull=True)

    def named(self, start):
        return self.filter(name__istartswith=start)


class GuardedManager(models.Manager):
    """Opaque: what it shows depends on code."""

    def get_queryset(self):
        found = super().get_queryset()
        if getattr(self, "instance", None) is None:
            found = found.exclude(name="")
        return found


class Alive(models.Model):
    name = models.CharField(max_length=80)
    deleted_at = models.DateTimeField(null=True, blank=True)
    ledger = models.ForeignKey("nasty.Ledger", on_delete=models.SET_NULL, null=True, blank=True, related_name="alive")

    objects = LiveManager()
    all_objects = models.Manager()
    guarded = GuardedManager()


class Ledger(models.Model):
    """Lives in a schema of its own, under a table name with a capital and a space."""

    title = models.CharField(max_length=80, db_column="Title of book")
    owner = models.ForeignKey(
        "nasty.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_column="owner",
        db_constraint=False,
    )
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)

    class Meta:
        db_table = 'nasty_books"."The Ledger'


class LedgerTotal(models.Model):
    """A view: nothing that Django manages."""

    owner = models.OneToOneField(
        "nasty.Person",
        on_delete=models.DO_NOTHING,
        primary_key=True,
        db_column="owner",
        related_name="ledger_total",
    )
    total = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    books = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "nasty_ledger_total"


class CentsField(models.IntegerField):
    """Reads what it stores as something else: opaque to a compiler."""

    def from_db_value(self, value, expression, connection):
        return None if value is None else value / 100

    def get_prep_value(self, value):
        return None if value is None else round(value * 100)


class Secretive(models.Model):
    cents = CentsField(null=True, blank=True)
    plain = models.IntegerField(null=True, blank=True)
    password = models.CharField(max_length=40, null=True, blank=True)
    name = models.CharField(max_length=40, blank=True, default="")

    objects = GuardedManager()
