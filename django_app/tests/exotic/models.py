"""Models that no example needs and that some site has."""

import django
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.functional import SimpleLazyObject


class Shouting(models.CharField):
    """Adds nothing to what is read: not opaque."""

    description = "text that shouts in forms"


class Sealed(models.TextField):
    def get_prep_value(self, value):
        return value and value[::-1]

    def from_db_value(self, value, expression, connection):
        return value and value[::-1]


class Alien(models.Field):
    def db_type(self, connection):
        return "point" if connection.settings_dict else "point"


class Color(models.TextChoices):
    RED = "r", "Red"
    BLUE = "b", "Blue"


LIMIT = 7


def helper(value):
    return value


class BlueManager(models.Manager):
    def __init__(self, color="b"):
        super().__init__()
        self.color = color

    def get_queryset(self):
        """Only one colour."""
        return super().get_queryset().filter(color=self.color, size__lt=LIMIT)

    def small(self):
        return self.get_queryset().filter(size=1)


class SmallBlueManager(BlueManager):
    def get_queryset(self):
        return super().get_queryset().exclude(name=Color.RED)


class ColorManager(models.Manager):
    def __init__(self, color):
        super().__init__()
        self.color = color

    def get_queryset(self):
        return super().get_queryset().filter(color=self.color)


class SneakyQuerySet(models.QuerySet):
    def filter(self, *args, **kwargs):
        return super().filter(*args, **kwargs).exclude(name="hidden")


class CountingQuerySet(models.QuerySet):
    def _fetch_all(self):
        super()._fetch_all()


class Exotic(models.Model):
    SECRET_TOKEN = "never exported"
    SIZES = [1, 2, 3]
    LABELS = {"S": "Small", "big": {"L": "Large"}}
    HELPER = helper

    class Grade(models.IntegerChoices):
        LOW = 1
        HIGH = 2
        __empty__ = "(none)"

    name = Shouting(max_length=20, db_collation=SimpleLazyObject(lambda: "C"))
    sealed = Sealed(null=True)
    alien = Alien(null=True)
    color = models.CharField(max_length=1, choices=Color.choices, default=Color.RED)
    size = models.IntegerField(default=1)
    free = models.ForeignKey("self", on_delete=models.CASCADE, null=True, limit_choices_to=lambda: Q(size=1))

    objects = models.Manager()
    blue = BlueManager()
    red = BlueManager("r")
    small_blue = SmallBlueManager()
    any_color = ColorManager("r")
    sneaky = SneakyQuerySet.as_manager()
    counting = models.Manager.from_queryset(CountingQuerySet)()

    class Meta:
        ordering = [Lower("name").asc(), models.Case(models.When(size=1, then=0), default=models.F("size") * 2)]
        base_manager_name = "blue"

    def outside(self):
        return helper(self.name)

    def limit(self):
        return self.size < LIMIT and self.color == Color.RED

    def late(self):
        return Undefined.objects.count()  # noqa: F821

    def siblings(self):
        return Exotic.objects.filter(name=self.name)

    def _private(self):
        return 1

    @staticmethod
    def static():
        return 1

    @property
    def walrus(self):
        return [y for x in [1] if (y := x)]


class Left(models.Model):
    code = models.IntegerField()
    part = models.IntegerField()

    class Meta:
        unique_together = [("code", "part")]


class Right(models.Model):
    code = models.IntegerField()
    part = models.IntegerField()
    left = models.ForeignObject(
        Left, models.CASCADE, from_fields=["code", "part"], to_fields=["code", "part"], related_name="rights"
    )


class Swapped(models.Model):
    """Swapped out where the test says so."""

    name = models.CharField(max_length=10)
    tags = models.ManyToManyField(Left, related_name="+")

    class Meta:
        swappable = "EXOTIC_SWAPPED"


if django.VERSION >= (5, 0):

    class Generated(models.Model):
        price = models.DecimalField(max_digits=8, decimal_places=2, db_default=0)
        amount = models.IntegerField(default=1)
        made = models.DateTimeField(db_default=Now())
        total = models.GeneratedField(
            expression=models.F("price") * models.F("amount"),
            output_field=models.DecimalField(max_digits=12, decimal_places=2),
            db_persist=True,
        )
        double = models.GeneratedField(
            expression=models.F("amount") * 2, output_field=models.IntegerField(), db_persist=True
        )


if django.VERSION >= (5, 2):

    class Composite(models.Model):
        pk = models.CompositePrimaryKey("shop", "number")
        shop = models.IntegerField()
        number = models.IntegerField()


class Painted(models.Model):
    color = models.CharField(max_length=1)
    size = models.IntegerField(default=1)

    objects = BlueManager("r")


class Dyed(models.Model):
    color = models.CharField(max_length=1)

    objects = ColorManager("r")
