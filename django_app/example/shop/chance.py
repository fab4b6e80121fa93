"""Where the example's data get their chance and their clock from, and what is odd about them."""

import datetime
import random
import uuid
from decimal import Decimal

from django.apps import apps
from django.db import connection
from django.utils import timezone

UTC = datetime.timezone.utc

# Names that break what is careless: LIKE's specials, quotes, scripts, beyond the BMP, combining marks.
ODD_TEXTS = [
    "100%",
    "a_b",
    "back\\slash",
    "O'Hara",
    'double "quote"',
    "%_\\%",
    "Straße",
    "STRASSE",
    "İstanbul",
    "Ελλάδα",
    "naïve",
    "nai\u0308ve",
    "😀 smile",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "名前",
    "عربي",
    " padded ",
    "tab\there",
    "line\nbreak",
    "CamelCase",
    "camelcase",
    "x" * 60,
    "0",
    "null",
]
# The night the clock goes forward, the night it goes back, and the turns of year, quarter and leap day, in UTC.
EDGES = [
    datetime.datetime(2026, 3, 28, 23, 0, 0, tzinfo=UTC),
    datetime.datetime(2026, 3, 29, 0, 30, 0, tzinfo=UTC),
    datetime.datetime(2026, 3, 29, 0, 59, 59, 999999, tzinfo=UTC),
    datetime.datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC),
    datetime.datetime(2026, 3, 29, 21, 59, 59, 999999, tzinfo=UTC),
    datetime.datetime(2026, 3, 29, 22, 0, 0, tzinfo=UTC),
    datetime.datetime(2026, 10, 24, 22, 0, 0, tzinfo=UTC),
    datetime.datetime(2026, 10, 25, 0, 30, 0, tzinfo=UTC),
    datetime.datetime(2026, 10, 25, 1, 0, 0, tzinfo=UTC),
    datetime.datetime(2026, 10, 25, 1, 30, 0, tzinfo=UTC),
    datetime.datetime(2026, 10, 25, 22, 59, 59, 999999, tzinfo=UTC),
    datetime.datetime(2026, 10, 25, 23, 0, 0, tzinfo=UTC),
    datetime.datetime(2025, 12, 31, 22, 59, 59, 999999, tzinfo=UTC),
    datetime.datetime(2025, 12, 31, 23, 0, 0, tzinfo=UTC),
    datetime.datetime(2026, 1, 4, 12, 0, 0, tzinfo=UTC),
    datetime.datetime(2024, 2, 29, 12, 0, 0, tzinfo=UTC),
    datetime.datetime(2026, 6, 30, 21, 59, 59, 999999, tzinfo=UTC),
]


class Source:
    """Seeded choices, the frozen clock, and the count of what was made."""

    def __init__(self, seed, scale, now):
        self.random = random.Random(seed)
        self.scale = scale
        self.now = now
        self.made = {}

    def count(self, base, least=1):
        return max(least, round(base * self.scale))

    def pick(self, values):
        return self.random.choice(values)

    def chance(self, share):
        return self.random.random() < share

    def maybe(self, value, nulls=0.25):
        """`value`, or None for a share of the rows; draws even when None, so that rows stay put."""
        return None if self.chance(nulls) else value

    def number(self, low, high):
        return self.random.randint(low, high)

    def decimal(self, low, high, places=2):
        return Decimal(self.number(low * 10**places, high * 10**places)).scaleb(-places)

    def uuid(self):
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def moment(self, days=720):
        """Mostly the last two years; one in eight an edge; ties to the full hour are frequent."""
        if self.chance(0.125):
            return self.pick(EDGES)
        back = datetime.timedelta(seconds=self.number(0, days * 86400))
        found = self.now - back
        return found.replace(minute=0, second=0, microsecond=0) if self.chance(0.3) else found

    def today(self):
        """Moments at the edges of the local day and one inside it, none later than now."""
        start = timezone.localtime(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        start = start.astimezone(UTC)
        return [start, self.now, start + (self.now - start) / 2]

    def yesterday(self):
        start = self.today()[0]
        return [start - datetime.timedelta(microseconds=1), start - datetime.timedelta(hours=23)]

    def day(self, days=720):
        return timezone.localtime(self.moment(days)).date()

    def text(self, plain):
        """`plain`, or for one in six an odd text: half of those with LIKE's specials and quotes."""
        if not self.chance(0.16):
            return plain
        return self.pick(ODD_TEXTS[:6] if self.chance(0.5) else ODD_TEXTS[6:])

    def duration(self):
        return self.pick(
            [
                datetime.timedelta(0),
                datetime.timedelta(days=1),
                datetime.timedelta(days=-1, seconds=5),
                datetime.timedelta(microseconds=self.number(1, 10**6)),
                datetime.timedelta(days=self.number(0, 40), seconds=self.number(0, 86399)),
            ]
        )

    def time(self):
        edges = [datetime.time(0, 0), datetime.time(12, 0), datetime.time(23, 59, 59, 999999)]
        return self.pick(edges) if self.chance(0.2) else datetime.time(self.number(0, 23), self.number(0, 59))

    def insert(self, model, rows):
        made = model.objects.bulk_create(rows, batch_size=1000)
        self.made[model._meta.label] = self.made.get(model._meta.label, 0) + len(made)
        return made

    def link(self, through, left, right, pairs):
        """Fills a many-to-many table; each pair once, in a fixed order."""
        rows = [through(**{left: a, right: b}) for a, b in sorted(set(pairs), key=repr)]
        through._base_manager.bulk_create(rows, batch_size=1000)
        self.made[through._meta.label] = len(rows)


def empty(label):
    """Empties an app's own tables and restarts their sequences."""
    quote = connection.ops.quote_name
    tables = sorted(
        {
            quote(model._meta.db_table)
            for model in apps.get_app_config(label).get_models(include_auto_created=True)
            if model._meta.managed and not model._meta.proxy
        }
    )
    with connection.cursor() as cursor:
        # What is still to be checked would stop the TRUNCATE.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
