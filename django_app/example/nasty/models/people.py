"""Abstract bases, proxies, self relations, through tables with several keys, generic relations."""

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class Stamped(models.Model):
    created = models.DateTimeField(null=True, blank=True)
    changed = models.DateTimeField(null=True, blank=True)
    stamper = models.ForeignKey(
        "nasty.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="%(app_label)s_%(class)s_stamped",
        related_query_name="stamped_%(class)s",
    )

    class Meta:
        abstract = True
        ordering = ["-created", "pk"]
        get_latest_by = "created"


class Note(models.Model):
    """Hangs on anything with an integer key."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    text = models.TextField(null=True, blank=True)
    stars = models.IntegerField(null=True, blank=True)


class PersonQuerySet(models.QuerySet):
    def adults(self):
        return self.filter(age__gte=18)

    def older_than(self, age=65, strict=True):
        return self.filter(age__gt=age) if strict else self.filter(age__gte=age)

    def search(self, text=None, youngest=None):
        found = self.all()
        if text:
            found = found.filter(name__icontains=text)
        if youngest is not None:
            found = found.filter(age__gte=youngest)
        return found

    def named(self, *parts):
        found = self
        for part in parts:
            found = found.filter(name__icontains=part)
        return found


class Person(Stamped):
    name = models.CharField(max_length=80)
    nickname = models.CharField(max_length=80, null=True, blank=True, db_column="nick")
    age = models.IntegerField(null=True, blank=True)
    boss = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="minions")
    mentor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    friends = models.ManyToManyField("self", blank=True)
    follows = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="followers",
        related_query_name="follower",
    )
    notes = GenericRelation(Note, related_query_name="person")

    objects = PersonQuerySet.as_manager()

    def __str__(self):
        return self.name

    @property
    def display(self):
        return self.nickname or self.name

    @property
    def initial(self):
        first = self.name[:1]
        return first.upper()

    def generation(self):
        """Statements that come to one expression."""
        if self.age is None:
            return "unknown"
        if self.age < 18:
            return "minor"
        elif self.age < 65:  # noqa: RET505
            return "adult"
        else:
            return "senior"

    @property
    def card(self):
        words = f"{self.name} ({self.generation()})"
        if self.boss:
            words += f" of {self.boss.name}"
        return words

    def minions_known(self, least=0):
        names: list[str] = []
        for minion in self.minions.order_by("id"):
            if minion.age is not None and minion.age >= least:
                names.append(minion.name)
        if not names:
            return None
        return ", ".join(names)

    def minions_years(self, least=18):
        total = 0
        for minion in self.minions.order_by("id"):
            if minion.age is None or minion.age < least:
                continue
            total += minion.age
        return total

    def has_minion_of(self, age):
        """A division that fails for who comes after the one that is looked for, and for who has no age."""
        for minion in self.minions.order_by("age", "id"):  # noqa: SIM110
            if 100 / (minion.age - 40) < age:
                return True
        return False

    def minions_said(self):
        said = []
        for minion in self.minions.order_by("id"):
            if minion.age is None:
                said.append(f"{minion.name}?")
            else:
                said.append(f"{minion.name}, {minion.age}")
        return "; ".join(said)

    @property
    def freshness(self):
        now = timezone.now()
        if self.created is None:
            return None
        return (now - self.created).days

    @property
    def boss_share(self):
        """Not expressible: the share is computed where it may not be needed, and may fail."""
        share = self.age / self.boss.age
        if self.boss is None:
            return None
        return share

    @property
    def guarded_name(self):
        """Not expressible: it catches."""
        try:
            return self.boss.name
        except AttributeError:
            return ""

    def is_older_than(self, age):
        return self.age is not None and self.age > age


class CelebrityManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(age__gte=40)


class Celebrity(Person):
    """A proxy with a default manager that filters and an ordering of its own."""

    objects = CelebrityManager()

    class Meta:
        proxy = True
        ordering = [models.F("age").desc(nulls_last=True), "name"]


class Club(Stamped):
    name = models.CharField(max_length=80)
    members = models.ManyToManyField(
        Person,
        through="Membership",
        through_fields=("club", "person"),
        related_name="clubs",
        related_query_name="club_of",
    )
    patrons = models.ManyToManyField(Person, related_name="+", blank=True, db_table="nasty_patrons")
    chair = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        limit_choices_to={"age__gte": 18},
    )
    rank = models.IntegerField(null=True, blank=True)
    notes = GenericRelation(Note)

    class Meta(Stamped.Meta):
        ordering = [Lower("name").desc(), "-rank"]


class Membership(models.Model):
    class Level(models.IntegerChoices):
        GUEST = 0
        FULL = 10
        HONORARY = 20, "Honorary member"

    club = models.ForeignKey(Club, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    inviter = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations")
    level = models.IntegerField(choices=Level.choices, default=Level.GUEST)
    joined = models.DateField(null=True, blank=True)
    left = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["club", "person__name"]
