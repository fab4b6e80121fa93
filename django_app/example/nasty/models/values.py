"""Every kind of column: JSON, arrays, ranges, durations, addresses, numbers of every size."""

import datetime
import uuid
from decimal import Decimal

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import (
    ArrayField,
    BigIntegerRangeField,
    DateRangeField,
    DateTimeRangeField,
    DecimalRangeField,
    IntegerRangeField,
)
from django.db import models


class Document(models.Model):
    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    title = models.CharField(max_length=200)
    data = models.JSONField(null=True, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    numbers = ArrayField(models.IntegerField(null=True), null=True, blank=True)
    matrix = ArrayField(ArrayField(models.IntegerField()), null=True, blank=True)
    days = ArrayField(models.DateField(), size=7, null=True, blank=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    about_id = models.BigIntegerField(null=True, blank=True)
    about = GenericForeignKey("content_type", "about_id")


class Booking(models.Model):
    during = DateTimeRangeField(null=True, blank=True)
    days = DateRangeField(null=True, blank=True)
    price = DecimalRangeField(null=True, blank=True)
    seats = IntegerRangeField(null=True, blank=True)
    serials = BigIntegerRangeField(null=True, blank=True)
    place = models.ForeignKey("nasty.Place", on_delete=models.SET_NULL, null=True, blank=True, related_name="bookings")


class Gadget(models.Model):
    DEFAULT_PRICE = Decimal("9.99")
    EPOCH = datetime.date(2000, 1, 1)
    SIZES = (1, 2, 3)
    SIZE_LABELS = {1: "Small", 2: "Medium", 3: "Large"}

    GROUPED = [
        ("Audio", [("vinyl", "Vinyl"), ("cd", "CD")]),
        ("Video", [("vhs", "VHS Tape"), ("dvd", "DVD")]),
        ("unknown", "Unknown"),
    ]

    class Grade(models.IntegerChoices):
        BAD = -1
        FAIR = 0
        GOOD = 1

    class Speed(models.TextChoices):
        SLOW = "s", "Slow"
        FAST = "f", "Fast"
        __empty__ = "(unknown)"

    small = models.SmallIntegerField(null=True, blank=True)
    integer = models.IntegerField(null=True, blank=True)
    big = models.BigIntegerField(null=True, blank=True)
    positive = models.PositiveIntegerField(null=True, blank=True)
    positive_small = models.PositiveSmallIntegerField(null=True, blank=True)
    positive_big = models.PositiveBigIntegerField(null=True, blank=True)
    real = models.FloatField(null=True, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True, db_column="Price In €")
    flag = models.BooleanField(default=False)
    maybe = models.BooleanField(null=True, blank=True)
    name = models.CharField(max_length=120, null=True, blank=True)
    slug = models.SlugField(null=True, blank=True)
    text = models.TextField(blank=True, default="")
    url = models.URLField(null=True, blank=True)
    email = models.EmailField(null=True, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    blob = models.BinaryField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    moment = models.DateTimeField(null=True, blank=True)
    clock = models.TimeField(null=True, blank=True)
    lasts = models.DurationField(null=True, blank=True)
    ident = models.UUIDField(null=True, blank=True)
    medium = models.CharField(max_length=10, choices=GROUPED, null=True, blank=True)
    grade = models.IntegerField(choices=Grade.choices, null=True, blank=True)
    path = models.FilePathField(path="/", null=True, blank=True)

    class Meta:
        ordering = [models.F("real").desc(nulls_last=True), "-integer", "id"]
        get_latest_by = "moment"
