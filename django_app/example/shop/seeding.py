"""The shop's data. `Source` is the one place where chance and the clock come from."""

import datetime
import random
import uuid
from decimal import Decimal

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.utils import timezone

FIRST_USER_ID = 100001
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
FIRST = [
    "ann",
    "ben",
    "carla",
    "dmitri",
    "eva",
    "fritz",
    "gül",
    "hana",
    "ivan",
    "jürgen",
    "kai",
    "lena",
    "mona",
    "nils",
    "olga",
    "pia",
]
LAST = [
    "Schmidt",
    "Meyer",
    "Öztürk",
    "Ivanova",
    "Nowak",
    "Weiß",
    "Rossi",
    "Larsen",
    "Dupont",
    "García",
    "O'Neil",
    "Kowalski",
]
CITIES = ["Berlin", "Hamburg", "München", "Köln", "Wien", "Zürich", "berlin", "", None]

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


def fill(source):
    empty("shop")
    users = make_users(source)
    make_profiles(source, users)
    customers = make_customers(source, users)
    categories = make_categories(source)
    products = make_products(source, categories)
    make_suppliers(source, products)
    orders = make_orders(source, customers, users)
    make_lines(source, orders, products)
    make_payments(source, orders)
    make_shipments(source, orders)
    make_reviews(source, products, users)
    make_coupons(source, orders, categories)


def make_users(source):
    model = get_user_model()
    model.objects.filter(pk__gte=FIRST_USER_ID).delete()
    total = source.count(300, 12)
    today, yesterday = source.today(), source.yesterday()
    rows = []
    for index in range(total):
        first, last = source.pick(FIRST), source.pick(LAST)
        share = index % 10
        if share < 3:
            name = f"{source.number(0, 899999) + index:06d}"[:6]
        elif share == 3:
            name = source.pick(["12345", "1234567", "12a456", "00000x", "١٢٣٤٥٦"])
        else:
            name = f"{first}.{last}".lower()
        joined = source.moment()
        if index % 15 == 0:
            joined = today[(index // 15) % len(today)]
        elif index % 15 == 1:
            joined = yesterday[(index // 15) % len(yesterday)]
        rows.append(
            model(
                pk=FIRST_USER_ID + index,
                username=name,
                first_name="" if source.chance(0.1) else source.text(first.title()),
                last_name="" if source.chance(0.1) else last,
                email="" if source.chance(0.2) else f"user{index}@example.{source.pick(['com', 'org'])}",
                is_active=not source.chance(0.1),
                is_staff=source.chance(0.05),
                date_joined=joined,
                last_login=source.maybe(source.moment(90), 0.4),
                password="!",
            )
        )
    seen = set(model.objects.values_list("username", flat=True))
    for row in rows:
        while row.username in seen:
            digits = row.username.isdigit() and len(row.username) == 6
            row.username = f"{source.number(0, 999999):06d}" if digits else f"{row.username}{row.pk % 1000}"
        seen.add(row.username)
    users = source.insert(model, rows)
    groups = [Group.objects.get_or_create(name=name)[0] for name in ("Sales", "Support", "Empty")]
    groups[0].permissions.set(Permission.objects.filter(content_type__app_label="shop", codename__startswith="view_"))
    pairs = [(user.pk, group.pk) for user in users for group in groups[:2] if source.chance(0.15)]
    source.link(model.groups.through, "user_id", "group_id", pairs)
    return users


def make_profiles(source, users):
    """One user in twelve has none; of the rest some have an avatar, some NULL, some the empty text."""
    from shop.models import Profile

    rows, avatars = [], []
    for index, user in enumerate(users):
        if index % 12 == 11:
            continue
        png, jpg = f"avatars/{user.pk}.png", f"avatars/{user.pk}.jpg"
        avatars.append([png, None, "", jpg, png][index % 5])
        rows.append(
            Profile(
                user=user,
                avatar=avatars[-1],
                bio="" if source.chance(0.3) else source.text("Likes tea."),
                phone=source.maybe(f"+49 30 {source.number(10000, 99999)}", 0.4),
                birth_date=source.maybe(source.day(20000), 0.3),
                newsletter=source.pick([True, False, None]),
                credit=source.pick([Decimal("0"), Decimal("-5.50"), source.decimal(0, 500)]),
            )
        )
    profiles = source.insert(Profile, rows)
    # An empty file is stored as the empty text by bulk_create: NULL takes an update.
    without = [profile.pk for profile, avatar in zip(profiles, avatars) if avatar is None]
    Profile.objects.filter(pk__in=without).update(avatar=None)
    return profiles


def make_customers(source, users):
    from shop.models import Customer

    rows = []
    for index in range(source.count(200, 10)):
        name = source.text(f"{source.pick(FIRST).title()} {source.pick(LAST)}")
        rows.append(
            Customer(
                user=source.maybe(source.pick(users), 0.5),
                name=name,
                email=source.maybe(f"c{index}@{source.pick(['example.com', 'EXAMPLE.com', 'mail.test'])}"),
                city=source.pick(CITIES),
                country=source.pick(["DE", "AT", "CH", "FR"]),
                vip=source.pick([True, False, False, None]),
                created_at=source.moment(),
                birthday=source.maybe(source.day(15000)),
                rating=source.maybe(source.pick([0.0, -1.5, 0.1 + 0.2, 3.0, 4.5, 1e10])),
            )
        )
    customers = source.insert(Customer, rows)
    for index, row in enumerate(customers):
        row.referred_by = source.maybe(source.pick(customers[: index + 1]), 0.5)
    Customer.objects.bulk_update(customers, ["referred_by"], batch_size=500)
    return customers


def make_categories(source):
    from shop.models import Category

    roots = source.insert(
        Category,
        [
            Category(name=name, slug=name.lower(), position=position)
            for name, position in [("Books", 2), ("Games", 1), ("Garden", None), ("Music", 1), ("Empty", 9)]
        ],
    )
    children = source.insert(
        Category,
        [
            Category(
                name=f"{root.name} {kind}",
                slug=f"{root.slug}-{kind}".lower(),
                parent=root,
                position=source.maybe(source.number(1, 3)),
            )
            for root in roots[:4]
            for kind in ("New", "Used")
        ],
    )
    grand = [Category(name="Used & rare", slug="rare", parent=children[1], position=0)]
    return roots[:4] + children + source.insert(Category, grand)


def make_products(source, categories):
    from shop.models import Product, Tag

    names = ["red", "Green", "sale", "50%", "new_in", "ünïcode", "😀", "unused"]
    colors = ["#ff0000", "#00ff00", None]
    tags = source.insert(Tag, [Tag(name=name, color=source.pick(colors)) for name in names])
    rows = []
    for index in range(source.count(120, 10)):
        price = source.pick([Decimal("0.00"), Decimal("9.99"), Decimal("100.00"), source.decimal(1, 999)])
        rows.append(
            Product(
                name=source.text(f"Thing {source.number(1, 60)}"),
                sku=f"SKU-{index:05d}",
                category=source.maybe(source.pick(categories), 0.15),
                price=price,
                cost=source.maybe(price / 2),
                weight=source.maybe(source.pick([0.0, 0.5, 1.25, 12.0])),
                stock=source.pick([0, 0, 1, 5, 6, 100, -1]),
                active=not source.chance(0.2),
                launched=source.maybe(source.day()),
                preparation=source.maybe(source.duration()),
                opens_at=source.maybe(source.time()),
                attributes=source.pick(
                    [None, {}, {"color": "red", "size": 3}, {"color": None}, {"sizes": [1, 2, 3]}, {"a": {"b": "c"}}]
                ),
            )
        )
    products = source.insert(Product, rows)
    pairs = [(p.pk, t.pk) for p in products for t in tags[:-1] if source.chance(0.2)]
    source.link(Product.tags.through, "product_id", "tag_id", pairs)
    return products


def make_suppliers(source, products):
    from shop.models import Supplier, Supply

    rows = [
        Supplier(name=source.text(f"Supplier {index}"), country=source.pick(["DE", "PL", None]))
        for index in range(source.count(15, 3))
    ]
    suppliers = source.insert(Supplier, rows)
    source.insert(
        Supply,
        [
            Supply(
                supplier=supplier,
                product=product,
                price=source.decimal(1, 300),
                lead_time=source.maybe(source.duration()),
                preferred=source.chance(0.3),
            )
            for supplier in suppliers[:-1]
            for product in products
            if source.chance(0.1)
        ],
    )


def make_orders(source, customers, users):
    from shop.models import Order

    statuses = list(Order.Status.values) + ["done", "done", "legacy"]
    rows = []
    for index in range(source.count(600, 20)):
        placed = source.today()[index % 3] if index % 25 == 0 else source.moment()
        rows.append(
            Order(
                customer=source.maybe(source.pick(customers[: len(customers) * 4 // 5]), 0.08),
                status=source.pick(statuses),
                priority=source.pick([1, 2, 2, 3, None]),
                placed_at=placed,
                paid_at=source.maybe(placed + datetime.timedelta(hours=source.number(0, 100)), 0.3),
                shipped_on=source.maybe(timezone.localtime(placed).date(), 0.4),
                total=source.pick([Decimal("0"), Decimal("100.00"), Decimal("1000.00"), source.decimal(1, 3000)]),
                discount=source.pick([None, Decimal("0.00"), Decimal("12.50")]),
                note=source.maybe(source.text("please ring twice"), 0.6),
                gift=source.pick([True, False, None]),
                handled_by=source.maybe(source.pick(users[:20]), 0.4),
            )
        )
    return source.insert(Order, rows)


def make_lines(source, orders, products):
    from shop.models import OrderLine

    rows = []
    for order in orders:
        for _ in range(source.pick([0, 1, 1, 2, 3])):
            product = source.pick(products[:-1])
            rows.append(
                OrderLine(
                    order=order,
                    product=product,
                    kind=source.pick(["sale", "sale", "sale", "gift", "return"]),
                    quantity=source.pick([0, 1, 1, 2, 10]),
                    unit_price=product.price,
                    discount=source.pick([None, None, Decimal("5.00")]),
                )
            )
    source.insert(OrderLine, rows)


def make_payments(source, orders):
    from shop.models import Payment

    rows = []
    for order in orders:
        for _ in range(source.pick([0, 1, 1, 2])):
            rows.append(
                Payment(
                    order=order,
                    amount=source.pick([order.total, order.total / 2, Decimal("0")]),
                    fee=source.maybe(source.decimal(0, 3, 4)),
                    method=source.pick(["card", "transfer", "cash", None]),
                    paid_at=source.maybe(source.moment(), 0.2),
                    reference=source.uuid(),
                    refunded=source.pick([True, False, None]),
                )
            )
    source.insert(Payment, rows)


def make_shipments(source, orders):
    from shop.models import Shipment

    rows = []
    for order in orders:
        if source.chance(0.5):
            continue
        shipped = source.moment()
        transit = source.maybe(source.duration())
        rows.append(
            Shipment(
                order=order,
                carrier=source.pick(["DHL", "dhl", "UPS", "", None]),
                shipped_at=shipped,
                delivered_at=source.maybe(shipped + datetime.timedelta(days=source.number(0, 9))),
                transit=transit,
                pickup=source.maybe(source.time()),
            )
        )
    source.insert(Shipment, rows)


def make_reviews(source, products, users):
    from shop.models import Review

    source.insert(
        Review,
        [
            Review(
                product=source.pick(products[: len(products) * 3 // 4]),
                author=source.maybe(source.pick(users), 0.2),
                rating=source.pick([None, 0, 1, 3, 5, 5]),
                title=source.text("Good"),
                body=source.maybe(source.text("As described."), 0.4),
                created_at=source.moment(),
                verified=source.pick([True, False, None]),
            )
            for _ in range(source.count(250, 10))
        ],
    )


def make_coupons(source, orders, categories):
    from shop.models import Coupon

    coupons = source.insert(
        Coupon,
        [
            Coupon(
                code=code,
                percent=percent,
                valid_from=source.day(),
                valid_until=source.maybe(source.day(), 0.5),
            )
            for code, percent in [("SUMMER", 10), ("50%_OFF", 50), ("null", None), ("Ä", 0), ("UNUSED", 5)]
        ],
    )
    pairs = [(c.pk, o.pk) for o in orders for c in coupons[:-1] if source.chance(0.05)]
    source.link(Coupon.orders.through, "coupon_id", "order_id", pairs)
    pairs = [(c.pk, k.pk) for c in coupons[:2] for k in categories[:4] if source.chance(0.5)]
    source.link(Coupon.categories.through, "coupon_id", "category_id", pairs)
