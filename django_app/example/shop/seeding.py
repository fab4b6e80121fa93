"""The shop's data."""

import datetime
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from .chance import empty

FIRST_USER_ID = 100001
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
