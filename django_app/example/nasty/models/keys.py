"""Keys that are not `id`: text, UUID, `to_field`, one-to-one as primary key, ordered children."""

import uuid

from django.db import models


class Country(models.Model):
    code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=80, null=True, blank=True)

    class Meta:
        verbose_name_plural = "countries"


class City(models.Model):
    name = models.CharField(max_length=80)
    country = models.ForeignKey(
        Country,
        on_delete=models.CASCADE,
        to_field="code",
        null=True,
        blank=True,
        related_name="cities",
        db_column="country_code",
    )
    population = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "cities"
        ordering = ["country__name", "name"]


class Airport(models.Model):
    iata = models.CharField(max_length=3, primary_key=True)
    city = models.ForeignKey(City, on_delete=models.SET_NULL, null=True, blank=True)
    altitude = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["city", "iata"]


class Flight(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    origin = models.ForeignKey(Airport, on_delete=models.CASCADE, related_name="departures")
    destination = models.ForeignKey(Airport, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    departs = models.DateTimeField(null=True, blank=True)
    lasts = models.DurationField(null=True, blank=True)
    seats = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["origin", "-departs"]
        get_latest_by = ["-departs", "seats"]


class Passport(models.Model):
    holder = models.OneToOneField(
        "nasty.Person", on_delete=models.CASCADE, related_name="passport", related_query_name="papers"
    )
    number = models.CharField(max_length=20, unique=True)
    country = models.ForeignKey(Country, on_delete=models.SET_NULL, null=True, blank=True, to_field="code")
    expires = models.DateField(null=True, blank=True)


class Locker(models.Model):
    person = models.OneToOneField("nasty.Person", on_delete=models.CASCADE, primary_key=True)
    code = models.CharField(max_length=8, null=True, blank=True)


class Question(models.Model):
    text = models.CharField(max_length=120)
    flight = models.ForeignKey(Flight, on_delete=models.SET_NULL, null=True, blank=True)


class Answer(models.Model):
    question = models.ForeignKey(Question, on_delete=models.CASCADE)
    text = models.CharField(max_length=120, null=True, blank=True)
    correct = models.BooleanField(null=True, blank=True)

    class Meta:
        order_with_respect_to = "question"
