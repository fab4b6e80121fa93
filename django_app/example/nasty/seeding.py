"""The nasty schema's data: every column meets NULL, its boundaries, ties and an empty relation."""

import datetime
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from shop.chance import ODD_TEXTS, UTC, empty

from nasty import models as nasty
from nasty.texts import make_articles


def fill(source):
    empty("nasty")
    people = make_people(source)
    clubs = make_clubs(source, people)
    make_notes(source, people, clubs)
    places = make_places(source, people)
    make_flights(source, people)
    make_documents(source, people)
    make_bookings(source, places)
    make_gadgets(source)
    make_tables(source, people)
    make_articles(source, places)


def make_people(source):
    rows = [
        nasty.Person(
            name=source.text(source.pick(["Ann", "Bob", "Cleo", "ann"])),
            nickname=source.pick([None, "", "Ace", "%", "a_c"]),
            age=source.pick([None, 0, 17, 18, 40, 41, 65, 65, 99]),
            created=source.maybe(source.moment()),
            changed=source.maybe(source.moment()),
        )
        for _ in range(source.count(80, 12))
    ]
    people = source.insert(nasty.Person, rows)
    for index, row in enumerate(people):
        row.boss = source.maybe(people[index // 3], 0.3)
        row.mentor = source.maybe(source.pick(people), 0.5)
        row.stamper = source.maybe(source.pick(people[:5]), 0.5)
    nasty.Person.objects.bulk_update(people, ["boss", "mentor", "stamper"])
    half = people[: len(people) * 2 // 3]
    friends = [(a.pk, b.pk) for a in half for b in half if a.pk < b.pk and source.chance(0.06)]
    source.link(nasty.Person.friends.through, "from_person_id", "to_person_id", friends + [(b, a) for a, b in friends])
    follows = [(a.pk, b.pk) for a in half for b in people if source.chance(0.04)]
    source.link(nasty.Person.follows.through, "from_person_id", "to_person_id", follows)
    countries = source.insert(
        nasty.Country,
        [nasty.Country(code=c, name=n) for c, n in [("DE", "Germany"), ("TR", "Türkiye"), ("XX", None), ("ÅX", "")]],
    )
    source.insert(
        nasty.Passport,
        [
            nasty.Passport(
                holder=person,
                number=f"P{index:04d}",
                country=source.maybe(source.pick(countries[:3])),
                expires=source.maybe(source.day()),
            )
            for index, person in enumerate(people)
            if index % 3
        ],
    )
    source.insert(
        nasty.Locker,
        [nasty.Locker(person=p, code=source.pick([None, "", "A1"])) for p in people[::2]],
    )
    return people


def make_clubs(source, people):
    clubs = source.insert(
        nasty.Club,
        [
            nasty.Club(
                name=name,
                rank=source.pick([None, 1, 1, 2]),
                chair=source.maybe(source.pick(people), 0.4),
                stamper=source.maybe(source.pick(people), 0.4),
                created=source.maybe(source.moment()),
            )
            for name in ["Chess", "chess", "Go", "Ångström", "100%", "Empty"]
        ],
    )
    source.insert(
        nasty.Membership,
        [
            nasty.Membership(
                club=club,
                person=person,
                inviter=source.maybe(source.pick(people), 0.4),
                level=source.pick([0, 10, 20, 10]),
                joined=source.maybe(source.day()),
                left=source.maybe(source.day(), 0.6),
            )
            for club in clubs[:-1]
            for person in people
            for _ in range(source.pick([0, 0, 0, 0, 1, 2]))
        ],
    )
    patrons = [(club.pk, person.pk) for club in clubs[:3] for person in people[:9] if source.chance(0.4)]
    source.link(nasty.Club.patrons.through, "club_id", "person_id", patrons)
    return clubs


def make_notes(source, people, clubs):
    kinds = ContentType.objects.get_for_models(nasty.Person, nasty.Club)
    targets = [(kinds[nasty.Person], p.pk) for p in people[::2]] + [(kinds[nasty.Club], c.pk) for c in clubs[:4]]
    source.insert(
        nasty.Note,
        [
            nasty.Note(
                content_type=kind,
                object_id=key,
                text=source.maybe(source.text("noted")),
                stars=source.pick([None, 0, 1, 5]),
            )
            for kind, key in targets
            for _ in range(source.pick([0, 1, 2]))
        ],
    )


def make_places(source, people):
    """bulk_create knows no multi-table inheritance: the child rows are written with their links."""
    places = source.insert(
        nasty.Place,
        [
            nasty.Place(
                name=source.pick(["Ritz", "ritz", "Zum Löwen", "Café 😀", *ODD_TEXTS[:4]]),
                address=source.maybe(source.text("Main Street 1")),
                stars=source.pick([None, 0, 3, 5, 5]),
            )
            for _ in range(source.count(40, 12))
        ],
    )
    for index, place in enumerate(places):
        if index % 2:
            continue
        values = {
            "cuisine": source.pick([None, "", "Italian", "Türkisch"]),
            "serves_pizza": source.pick([True, False, None]),
            "owner": source.maybe(source.pick(people)),
        }
        restaurant = nasty.Restaurant(place_ptr=place, **values)
        restaurant.save_base(raw=True)
        if index % 4 == 0:
            nasty.Pizzeria(base=restaurant, oven=source.pick([1, 2, None])).save_base(raw=True)
    near = [(a.pk, b.pk) for a in places for b in places if a.pk < b.pk and source.chance(0.05)]
    source.link(nasty.Place.near.through, "from_place_id", "to_place_id", near + [(b, a) for a, b in near])
    ovens = [p.pk for p in nasty.Pizzeria.objects.order_by("pk")]
    rivals = [(a, b) for a in ovens for b in ovens if a != b and source.chance(0.2)]
    source.link(nasty.Pizzeria.rivals.through, "from_pizzeria_id", "to_pizzeria_id", rivals)
    return places


def make_flights(source, people):
    cities = source.insert(
        nasty.City,
        [
            nasty.City(name=name, country_id=code, population=size)
            for name, code, size in [
                ("Berlin", "DE", 3_700_000),
                ("Köln", "DE", 1_080_000),
                ("Ankara", "TR", 5_700_000_000),
                ("Nowhere", None, None),
                ("Atlantis", "XX", 0),
                ("Empty", "ÅX", 1),
            ]
        ],
    )
    airports = source.insert(
        nasty.Airport,
        [
            nasty.Airport(iata=iata, city=city, altitude=altitude)
            for iata, city, altitude in [
                ("BER", cities[0], 48.0),
                ("CGN", cities[1], 92.5),
                ("ESB", cities[2], None),
                ("NIL", None, 0.0),
                ("sxf", cities[0], -1.0),
                ("ATL", cities[4], 1e6),
            ]
        ],
    )
    flights = source.insert(
        nasty.Flight,
        [
            nasty.Flight(
                id=source.uuid(),
                origin=source.pick(airports[:5]),
                destination=source.maybe(source.pick(airports)),
                departs=source.maybe(source.moment(), 0.15),
                lasts=source.maybe(source.duration()),
                seats=source.pick([0, 1, 180, 32767]),
            )
            for _ in range(source.count(60, 8))
        ],
    )
    questions = source.insert(
        nasty.Question,
        [
            nasty.Question(text=source.text(f"Why {index}?"), flight=source.maybe(source.pick(flights)))
            for index in range(source.count(15, 5))
        ],
    )
    rows = []
    for question in questions[:-1]:
        for order in range(source.pick([0, 2, 3])):
            answer = nasty.Answer(
                question=question, text=source.maybe("Because"), correct=source.pick([True, False, None])
            )
            answer._order = order
            rows.append(answer)
    source.insert(nasty.Answer, rows)


def make_documents(source, people):
    person = ContentType.objects.get_for_model(nasty.Person)
    data = [
        None,
        {},
        [],
        0,
        "text",
        True,
        {"a": 1, "b": None},
        {"a": {"b": {"c": "deep"}}, "list": [1, "two", None, {"x": 1}]},
        {"ключ": "значение", "😀": "%_\\", "quote'": 'x"y'},
        {"n": 1.5, "big": 2**60, "t": "1"},
        [1, 2, [3, 4]],
    ]
    source.insert(
        nasty.Document,
        [
            nasty.Document(
                key=source.uuid(),
                title=source.text(f"Document {index % 7}"),
                data=data[index % len(data)],
                settings=source.pick([{}, {"lang": "de"}, {"lang": None, "n": index}]),
                tags=source.pick([[], ["a"], ["a", "b", "a"], ["b", "50%"], ["😀"]]),
                numbers=source.pick([None, [], [1], [1, 2, 3], [3, None, 1], [2**31 - 1, -(2**31)]]),
                matrix=source.pick([None, [], [[1, 2], [3, 4]], [[5]]]),
                days=source.maybe([source.day() for _ in range(source.number(0, 3))]),
                content_type=source.pick([None, person]),
                about_id=source.pick([None, people[0].pk, 10**12]),
            )
            for index in range(source.count(44, 11))
        ],
    )


def make_bookings(source, places):
    try:
        from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange, NumericRange
    except ImportError:  # Django before 4.2
        from psycopg2.extras import DateRange, DateTimeTZRange, NumericRange

    def bounds(low, high):
        return source.pick([(low, high), (low, None), (None, high), (low, low)])

    def moments():
        low = source.moment()
        return bounds(low, low + datetime.timedelta(days=source.number(0, 9)))

    def days():
        low = source.day()
        return bounds(low, low + datetime.timedelta(days=source.number(0, 9)))

    source.insert(
        nasty.Booking,
        [
            nasty.Booking(
                during=source.maybe(DateTimeTZRange(*moments())),
                days=source.maybe(DateRange(*days())),
                price=source.maybe(NumericRange(Decimal("1.50"), source.pick([None, Decimal("99.90")]), "[]")),
                seats=source.pick([None, NumericRange(1, 5), NumericRange(5, 9), NumericRange(empty=True)]),
                serials=source.maybe(NumericRange(0, 2**40)),
                place=source.maybe(source.pick(places)),
            )
            for _ in range(source.count(40, 8))
        ],
    )


def make_gadgets(source):
    kinds = ["vinyl", "cd", "vhs", "unknown", "lost", None]
    source.insert(
        nasty.Gadget,
        [
            nasty.Gadget(
                small=source.pick([None, 0, -32768, 32767, 7]),
                integer=source.pick([None, 0, 1, -7, 7, 2**31 - 1, -(2**31)]),
                big=source.pick([None, 0, 2**53 + 1, 2**63 - 1, -(2**63)]),
                positive=source.pick([None, 0, 5, 2**31 - 1]),
                positive_small=source.pick([None, 0, 3]),
                positive_big=source.pick([None, 0, 2**63 - 1]),
                real=source.pick([None, 0.0, -0.0, 0.1, 1e300, -2.5, float("inf"), float("nan")]),
                price=source.pick([None, Decimal("0"), Decimal("0.005"), Decimal("1.125"), Decimal("-2.500")]),
                flag=source.chance(0.5),
                maybe=source.pick([True, False, None]),
                name=source.maybe(source.pick(ODD_TEXTS)),
                slug=source.pick([None, "a-b", "a_b"]),
                text=source.pick(["", *ODD_TEXTS]),
                url=source.maybe("https://example.com/?q=100%25"),
                email=source.maybe("a@example.com"),
                address=source.pick([None, "10.0.0.1", "::1", "10.0.0.10"]),
                blob=source.pick([None, b"", b"\x00\xff"]),
                day=source.maybe(source.day()),
                moment=source.maybe(source.moment()),
                clock=source.maybe(source.time()),
                lasts=source.maybe(source.duration()),
                ident=source.maybe(source.uuid()),
                medium=source.pick(kinds),
                grade=source.pick([-1, 0, 1, 5, None]),
                path=source.pick([None, "/etc"]),
            )
            for _ in range(source.count(80, 20))
        ],
    )


def make_tables(source, people):
    ledgers = source.insert(
        nasty.Ledger,
        [
            nasty.Ledger(
                title=source.text("Book"),
                owner=source.maybe(source.pick(people[:10])),
                amount=source.maybe(source.decimal(-50, 50, 4)),
            )
            for _ in range(source.count(30, 6))
        ],
    )
    for index, row in enumerate(ledgers):
        row.parent = source.maybe(ledgers[index // 2], 0.4)
    nasty.Ledger.objects.bulk_update(ledgers, ["parent"])
    deleted = datetime.datetime(2026, 1, 1, tzinfo=UTC)
    source.insert(
        nasty.Alive,
        [
            nasty.Alive(
                name=source.pick(["", "x", "y"]),
                deleted_at=source.maybe(deleted, 0.7),
                ledger=source.maybe(source.pick(ledgers)),
            )
            for _ in range(source.count(30, 6))
        ],
    )
    source.insert(
        nasty.Secretive,
        [
            nasty.Secretive(
                cents=source.maybe(source.number(0, 100)), plain=source.maybe(source.number(0, 9)), password="x"
            )
            for _ in range(10)
        ],
    )
