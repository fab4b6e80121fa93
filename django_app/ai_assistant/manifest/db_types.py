"""PostgreSQL's type of a column, without a connection and without a driver installed."""


class _CharType:
    """`varchar` has a length only where the field has one."""

    def __mod__(self, parameters):
        length = parameters["max_length"]
        return "varchar" if length is None else f"varchar({length})"


DATA_TYPES = {
    "AutoField": "integer",
    "BigAutoField": "bigint",
    "SmallAutoField": "smallint",
    "BinaryField": "bytea",
    "BooleanField": "boolean",
    "NullBooleanField": "boolean",
    "CharField": _CharType(),
    "DateField": "date",
    "DateTimeField": "timestamp with time zone",
    "DecimalField": "numeric(%(max_digits)s, %(decimal_places)s)",
    "DurationField": "interval",
    "FileField": "varchar(%(max_length)s)",
    "FilePathField": "varchar(%(max_length)s)",
    "FloatField": "double precision",
    "IntegerField": "integer",
    "BigIntegerField": "bigint",
    "IPAddressField": "inet",
    "GenericIPAddressField": "inet",
    "JSONField": "jsonb",
    "OneToOneField": "integer",
    "PositiveBigIntegerField": "bigint",
    "PositiveIntegerField": "integer",
    "PositiveSmallIntegerField": "smallint",
    "SlugField": "varchar(%(max_length)s)",
    "SmallIntegerField": "smallint",
    "TextField": "text",
    "TimeField": "time",
    "UUIDField": "uuid",
}


class _Features:
    related_fields_match_type = False
    has_native_uuid_field = True
    has_native_json_field = True


class _Operations:
    @staticmethod
    def quote_name(name):
        return '"' + name + '"'


class _PostgreSQL:
    """As much of a connection as `Field.db_type` asks for."""

    vendor = "postgresql"
    data_types = DATA_TYPES
    features = _Features()
    ops = _Operations()


CONNECTION = _PostgreSQL()


def db_type(field):
    """The type, or None where there is no column or a custom field wants a real connection."""
    try:
        found = field.db_type(CONNECTION)
    except Exception:
        return None
    return found if isinstance(found, str) else None
