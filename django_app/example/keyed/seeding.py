"""The keyed schema's data."""

from shop.chance import empty

from keyed import models as keyed


def fill(source):
    empty("keyed")
    tenants = source.insert(keyed.Tenant, [keyed.Tenant(name=f"t{number}") for number in range(4)])
    members = source.insert(
        keyed.Member,
        [
            keyed.Member(tenant=tenants[number % 3], id=number + 1, email=f"{'hgfedcba'[number]}@example.com")
            for number in range(8)
        ],
    )
    rows = []
    for number in range(source.count(30, 12)):
        member = source.maybe(source.pick(members), 0.25)
        rows.append(
            keyed.Remark(
                tenant=member.tenant if member else source.pick(tenants),
                id=90 - number,
                member_id=member.id if member else None,
                text=source.pick(["foo", "bar", "foobar", "", "100%"]),
                number=number % 4,
            )
        )
    source.insert(keyed.Remark, rows)
    source.insert(
        keyed.Parcel,
        [keyed.Parcel(tenant=source.pick(tenants), id=source.uuid()) for _ in range(source.count(10, 5))],
    )
    taken = {(meter, source.moment()): source.maybe(source.decimal(-5, 50, 2)) for meter in (1, 2, 3) for _ in range(8)}
    source.insert(
        keyed.Reading,
        [keyed.Reading(meter=meter, taken=moment, value=value) for (meter, moment), value in taken.items()],
    )
