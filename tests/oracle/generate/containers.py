"""Conditions on what holds several values: JSON, arrays, ranges, hstore, search vectors."""

from __future__ import annotations

import datetime

from .draw import Draw, literal

# Kind of field -> lookups that fit() can make of a value.
LOOKUPS = {
    "json": ("contains", "has_key", "key", "isnull", "exact"),
    "array": ("contains", "contained_by", "overlap", "len", "index", "slice", "exact", "isnull"),
    "range": ("contains", "overlap", "startswith", "upper_inf", "isempty", "exact", "isnull"),
    "hstore": ("contains", "has_key", "has_any_keys", "key", "keys", "isnull"),
    "vector": ("exact", "query", "isnull"),
}


def is_name(key) -> bool:
    return isinstance(key, str) and key.isidentifier() and "__" not in key and key[0] != "_"


def key_value(value) -> tuple[str, object] | None:
    """A key that can be written as a part of a keyword, with what is under it."""
    found = [(k, v) for k, v in value.items() if is_name(k)] if isinstance(value, dict) else []
    return found[0] if found else None


class Containers:
    def __init__(self, draw: Draw):
        self.draw = draw

    def fit(self, name: str, kind: str, lookup: str, value) -> tuple[str, str]:
        """A keyword's name and its value, such that `value` fulfils it."""
        if lookup != "isnull":
            found = getattr(self, f"of_{kind}")(name, lookup, value)
            if found:
                return found
        return f"{name}__isnull", "False"

    def of_json(self, name: str, lookup: str, value) -> tuple[str, str] | None:
        known = key_value(value)
        if lookup == "exact":
            return name, literal(value)
        if lookup == "contains":
            return f"{name}__contains", literal(dict([known]) if known else value)
        if known is None:
            return None
        if lookup == "has_key":
            return f"{name}__has_key", literal(known[0])
        return f"{name}__{known[0]}", literal(known[1])

    def of_array(self, name: str, lookup: str, value) -> tuple[str, str] | None:
        nested = bool(value) and isinstance(value[0], list)
        if lookup == "exact":
            return name, literal(value)
        if lookup == "len":
            return f"{name}__len", str(len(value))
        if not value or None in value or nested:
            return None
        if lookup == "index":
            return f"{name}__0", literal(value[0])
        if lookup == "slice":
            return f"{name}__0_2", literal(value[:2])
        if lookup == "contained_by":
            return f"{name}__contained_by", literal([*value, value[0]])
        return f"{name}__{lookup}", literal(self.draw.sample(value, 2))

    def of_range(self, name: str, lookup: str, value) -> tuple[str, str] | None:
        match lookup:
            case "exact":
                return name, literal(value)
            case "isempty":
                return f"{name}__isempty", str(value.isempty)
            case "upper_inf":
                return f"{name}__upper_inf", str(value.upper_inf)
        if value.isempty or value.lower is None:
            return None
        if lookup == "startswith":
            return f"{name}__startswith__lte", literal(value.lower)
        if lookup == "overlap":
            return f"{name}__overlap", literal(value)
        whole = isinstance(value.lower, (int, datetime.date))
        return f"{name}__contains", literal(value.lower if whole else value)

    def of_hstore(self, name: str, lookup: str, value) -> tuple[str, str] | None:
        known = key_value(value)
        match lookup:
            case "contains":
                return f"{name}__contains", literal(value)
            case "keys":
                return f"{name}__keys__len", str(len(value))
            case "has_any_keys" if value:
                return f"{name}__has_any_keys", literal([*value, "nothing"])
            case "has_key" if known:
                return f"{name}__has_key", literal(known[0])
            case "key" if known:
                return f"{name}__{known[0]}", literal(known[1])
        return None

    def of_vector(self, name: str, lookup: str, value: str) -> tuple[str, str] | None:
        word = value.split(":")[0].strip("'")
        if not word.isalnum():
            return None
        if lookup == "exact":
            return name, literal(word)
        config = self.draw.pick(["", ', config="english"'])
        sign = self.draw.construct("search query", "", "~")
        return name, f"{sign}SearchQuery({literal(word)}{config})"
