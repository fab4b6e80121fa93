"""Multi-table inheritance, two levels deep."""

from django.db import models


class Place(models.Model):
    MAX_STARS = 5

    name = models.CharField(max_length=80)
    address = models.CharField(max_length=120, null=True, blank=True)
    stars = models.SmallIntegerField(null=True, blank=True)
    near = models.ManyToManyField("self", blank=True)

    class Meta:
        ordering = ["name", "-id"]

    def __str__(self):
        return self.name


class Restaurant(Place):
    cuisine = models.CharField(max_length=40, null=True, blank=True)
    serves_pizza = models.BooleanField(null=True, blank=True)
    owner = models.ForeignKey("nasty.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="eateries")

    class Meta:
        ordering = ["-stars", "place_ptr"]


class Pizzeria(Restaurant):
    class Oven(models.IntegerChoices):
        WOOD = 1, "Wood"
        GAS = 2, "Gas"
        __empty__ = "(none)"

    base = models.OneToOneField(Restaurant, on_delete=models.CASCADE, parent_link=True, related_name="as_pizzeria")
    oven = models.IntegerField(choices=Oven.choices, null=True, blank=True)
    rivals = models.ManyToManyField("self", symmetrical=False, related_name="rival_of", blank=True)
