"""Equality by value, by type, and by order where Django has an order.

`a` and `b` are Django's two answers with ties broken in opposite ways, `c` is ormc's.
"""

from __future__ import annotations

import json
from collections import Counter

import django

from encode import Bag, Shown

MAX_ROWS = 100


class Difference(Exception):
    """Where the answers differ, and how."""


class Indeterminate(Exception):
    """Django itself does not promise an answer: rows tie where it matters."""


def canonical(value, ordered: bool = False) -> str:
    """Text that is equal where values are equal, but for the order of lists unless `ordered`."""
    if isinstance(value, dict):
        return json.dumps({key: canonical(item, ordered) for key, item in sorted(value.items())})
    if isinstance(value, list):
        items = [canonical(item, ordered) for item in value]
        return json.dumps(items if ordered and not isinstance(value, Bag) else sorted(items))
    if isinstance(value, float):
        return f"float:{value:.12g}"
    return f"{type(value).__name__}:{value!r}"


def show(value) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 200 else text[:200] + "..."


def same_rows(a: list, b: list, ordered: bool) -> bool:
    return Counter(canonical(x, ordered) for x in a) == Counter(canonical(x, ordered) for x in b)


def tie_groups(a: list, b: list, ordered: bool) -> list[tuple[int, int]]:
    """The smallest runs [begin, end) that hold the same elements in both: what Django left open."""
    groups, begin, open_count = [], 0, Counter()
    for end, (left, right) in enumerate(zip(a, b, strict=True), 1):
        open_count[canonical(left, ordered)] += 1
        open_count[canonical(right, ordered)] -= 1
        open_count = Counter({key: n for key, n in open_count.items() if n})
        if not open_count:
            groups.append((begin, end))
            begin = end
    return groups


def compare_scalars(a, c, path: str) -> None:
    if type(a) is not type(c):
        raise Difference(
            f"{path}: type: Django has {type(a).__name__} {show(a)}, "
            f"ormc {type(c).__name__} {show(c)}"
        )
    if a == c:
        return
    if isinstance(a, float) and abs(a - c) <= 1e-12 * max(abs(a), abs(c)):
        return  # a sum of floats depends on the order of its rows, which SQL leaves open
    raise Difference(f"{path}: Django has {show(a)}, ormc {show(c)}")


def compare_dicts(a: dict, b: dict, c, path: str) -> None:
    if not isinstance(c, dict):
        raise Difference(f"{path}: Django has an object, ormc {show(c)}")
    if a.keys() != c.keys():
        raise Difference(f"{path}: keys: Django has {show(list(a))}, ormc {show(list(c))}")
    # Before Django 5.2 names and annotations were not in the order in which values() has them.
    if list(a) == list(b) != list(c) and django.VERSION >= (5, 2):
        raise Difference(f"{path}: order of keys: Django {show(list(a))}, ormc {show(list(c))}")
    for key in a:
        compare_values(a[key], b[key], c[key], f"{path}.{key}")


def compare_lists(a: list, b: list, c, path: str, truncated: bool) -> None:
    if not isinstance(c, list):
        raise Difference(f"{path}: Django has a list, ormc {show(c)}")
    cut = truncated and len(c) == MAX_ROWS < len(a)
    if len(a) != len(c) and not cut:
        raise Difference(f"{path}: Django has {len(a)} elements, ormc {len(c)}")
    ordered = same_rows(a, b, ordered=True)  # else lists within the elements are open, too
    groups = [(0, len(a))] if isinstance(a, Bag) else tie_groups(a, b, ordered)
    for begin, end in groups:
        if begin >= len(c):
            return
        if end - begin == 1:
            compare_values(a[begin], b[begin], c[begin], f"{path}[{begin}]")
            continue
        ours = Counter(canonical(x, ordered) for x in c[begin:end])
        if ours - Counter(canonical(x, ordered) for x in a[begin:end]):
            raise Difference(
                f"{path}[{begin}:{end}], in any order: Django has {show(a[begin:end])}, "
                f"ormc {show(c[begin:end])}"
            )


def compare_values(a, b, c, path: str = "result", truncated: bool = False) -> None:
    if isinstance(a, dict):
        compare_dicts(a, b, c, path)
    elif isinstance(a, list):
        compare_lists(a, b, c, path, truncated)
    else:
        compare_scalars(a, c, path)


def check_determinate(a, b) -> None:
    if canonical(a) != canonical(b):
        raise Indeterminate(f"ties decide: {show(a)} or {show(b)}")


def compare_answers(a, b, answer: dict) -> None:
    """`answer` is ormc's object with `result`. Raises Difference or Indeterminate."""
    check_determinate(a, b)
    truncated = bool(answer.get("truncated"))
    if isinstance(a, Shown) and len(a) > MAX_ROWS and not truncated:
        raise Difference(f"a queryset of {len(a)} rows is not truncated")
    compare_values(a, b, answer["result"], truncated=truncated)
