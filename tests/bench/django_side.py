"""Django's part of the benchmark: build the queryset, compile it to SQL, no database.

`django_side.py` prints warm nanoseconds of CPU time a snippet; `django_side.py --cold NAME` those
of the first time in this process.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from pathlib import Path

from snippets import SNIPPETS

ROOT = Path(__file__).resolve().parents[2]
BATCH_NS = 20_000_000
BATCHES = 7


def set_up() -> dict:
    """The names that a snippet may use."""
    sys.path[:0] = [str(ROOT / "django_app" / "example"), str(ROOT / "django_app")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
    import django

    django.setup()
    from django.apps import apps
    from django.db import models
    from django.db.models import functions
    from django.utils import timezone

    names = {"timezone": timezone}
    for module in (models, functions):
        names.update({name: getattr(module, name) for name in dir(module) if name[0].isupper()})
    for app in ("shop", "auth"):
        names.update({model.__name__: model for model in apps.get_app_config(app).get_models()})
    return names


def to_sql(code, names) -> str:
    return eval(code, names).query.get_compiler("default").as_sql()[0]  # noqa: S307


def warm(code, names) -> float:
    """The median over batches of one compilation's CPU time."""
    rounds, spent = 1, 0
    while spent < BATCH_NS:
        rounds *= 2
        spent = batch(code, names, rounds)
    return statistics.median(batch(code, names, rounds) / rounds for _ in range(BATCHES))


def batch(code, names, rounds: int) -> int:
    start = time.process_time_ns()
    for _ in range(rounds):
        to_sql(code, names)
    return time.process_time_ns() - start


def main(arguments: list[str]) -> None:
    names = set_up()
    # Python's own parse is left out, in Django's favour: the code is compiled beforehand.
    codes = {name: compile(text, name, "eval") for name, text in SNIPPETS.items()}
    if arguments[:1] == ["--cold"]:
        print(batch(codes[arguments[1]], names, 1))
        return
    print(json.dumps({name: warm(code, names) for name, code in codes.items()}))


if __name__ == "__main__":
    main(sys.argv[1:])
