"""Rewrites decoded_values.inc: what psycopg, set up as Django does, makes of each expression.

libpq's variables name the database; Django and psycopg are the ones of requirements.txt.
"""

import datetime
import sys
from pathlib import Path

import psycopg
from django.conf import settings

settings.configure(USE_TZ=True)
from django.db.backends.postgresql.psycopg_any import get_adapters_template

EXPRESSIONS = """
NULL::int
true
'f'::bool
1::int2
(-32768)::int2
1::int4
(-9223372036854775808)::int8
1::oid
1.5::float4
0.1::float4
0.1::float8
1e300::float8
1e-300::float8
123456789012345680::float8
'NaN'::float8
'-Infinity'::float8
1.50::numeric
100::numeric
1e20::numeric
0.000000000000000000001::numeric
'NaN'::numeric
123456789012345678901234567890.123456789::numeric
'text with "quotes" and \\ and ''apostrophes'''::text
'ünï€𝄞'::varchar(20)
'padded'::char(10)
'name'::name
'x'::"char"
'2024-02-29'::date
'0001-01-01'::date
'9999-12-31'::date
'10:20:30'::time
'10:20:30.000001'::time
'23:59:59.999999'::time
'10:20:30+02'::timetz
'10:20:30.5-05:30'::timetz
'2024-03-31 02:30:00'::timestamp
'0001-01-01 00:00:00'::timestamp
'9999-12-31 23:59:59.999999'::timestamp
'2024-07-01 12:00:00.120+02'::timestamptz
'1890-01-01 12:00:00+00:53:28'::timestamptz
'0 seconds'::interval
'1 day'::interval
'-1 day'::interval
'1 year 2 months 3 days 04:05:06.789'::interval
'-1 year -2 months +3 days -04:05:06.000001'::interval
'1 month -1 day +00:00:01'::interval
'-00:00:00.5'::interval
'100:00:00'::interval
'2 years'::interval
'12345678-1234-5678-1234-567812345678'::uuid
'192.168.0.1'::inet
'192.168.0.1/24'::inet
'::1'::inet
'10.0.0.0/8'::cidr
'{"a": [1, 2.50, null]}'::jsonb
'\\x00ff10'::bytea
''::bytea
ARRAY[1, 2, NULL]::int4[]
ARRAY[]::int4[]
ARRAY[[1,2],[3,4]]
ARRAY['a', 'b,c', 'd"e', 'f\\g', '', NULL, 'NULL', ' x ', '{}']
ARRAY[true, false]
ARRAY[1.50, 2]
ARRAY['2024-01-01'::date]
ARRAY['2024-01-01 10:00'::timestamp]
ARRAY['2024-01-01 10:00+00'::timestamptz]
ARRAY['1 day'::interval]
ARRAY['12345678-1234-5678-1234-567812345678'::uuid]
ARRAY['\\x00ff'::bytea]
ARRAY[1.5::float8]
ARRAY['{"a": 1}'::jsonb]
'[2:3]={7,8}'::int4[]
'a'::text COLLATE "C"
'<a/>'::xml
to_tsvector('simple', 'a b')
B'101'
int4range(1, 5)
int4range(1, 5, '[]')
int8range(NULL, 5)
numrange(1.5, NULL, '(]')
'empty'::int4range
daterange('2024-01-01', '2024-02-01')
tsrange('2024-01-01 10:00', '2024-02-01')
tstzrange('2024-01-01 10:00+00', NULL)
ARRAY[int4range(1, 5), 'empty'::int4range]
"""

HEADER = "    // Made by decoded_values.py: what psycopg reads under Django.\n"


def literal(text: str) -> str:
    return 'R"~(' + text + ')~"'


def main() -> None:
    lines = [HEADER]
    with psycopg.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        template = get_adapters_template(True, datetime.timezone.utc)
        for expression in EXPRESSIONS.strip().splitlines():
            cursor = psycopg.Cursor(connection)
            cursor._adapters = psycopg.adapt.AdaptersMap(template)
            value = cursor.execute("SELECT " + expression).fetchone()[0]
            lines.append("    {" + literal(expression) + ", " + literal(repr(value)) + "},\n")
    Path(__file__).with_suffix(".inc").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
