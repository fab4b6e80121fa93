"""Compares eval_tool with CPython: eval_differential.py TOOL [COUNT] [SEED]."""

from __future__ import annotations

import datetime
import json
import math
import os
import re
import subprocess
import sys
import time as clock
import uuid
from decimal import Decimal

import zoneinfo
from expressions import corpus, generate
from python_expression import convert

DEFAULT_ZONE, ACTIVE_ZONE = "Europe/Berlin", "America/New_York"
# Refused by a limit of ours where Python would answer.
ALLOWED_LIMITS = {"complex_number", "decimal_power"}


class timezone:  # noqa: N801 - Django's module of this name
    @staticmethod
    def make_aware(value, zone=None):
        if value.tzinfo:
            raise ValueError(f"make_aware expects a naive datetime, got {value}")
        return value.replace(tzinfo=zone or zoneinfo.ZoneInfo(ACTIVE_ZONE))

    @staticmethod
    def make_naive(value):
        return value.astimezone(zoneinfo.ZoneInfo(ACTIVE_ZONE)).replace(tzinfo=None)

    @staticmethod
    def localtime(value):
        if not value.tzinfo:
            raise ValueError("localtime() cannot be applied to a naive datetime")
        return value.astimezone(zoneinfo.ZoneInfo(ACTIVE_ZONE))

    @classmethod
    def localdate(cls, value):
        return cls.localtime(value).date()


UTC_REPR = re.compile(r"zoneinfo\.ZoneInfo\(key=\\?'UTC\\?'\)")

NAMES = {
    "datetime": datetime,
    "math": math,
    "Decimal": Decimal,
    "UUID": uuid.UUID,
    "ZoneInfo": zoneinfo.ZoneInfo,
    "timedelta": datetime.timedelta,
    "timezone": timezone,
}


def expected(source: str) -> dict:
    try:
        return {"value": repr(eval(source, dict(NAMES)))}  # noqa: S307
    except Exception as error:  # noqa: BLE001
        return {"error": type(error).__name__, "message": str(error)}


def unquoted(answer: dict) -> str:
    return answer.get("value", "").strip("'\"")


def same(ours: dict, theirs: dict) -> bool:
    if ours.get("limit") in ALLOWED_LIMITS:
        return True
    # ZoneInfo("UTC") and timezone.utc are one here: in a repr only the name differs.
    theirs = {key: UTC_REPR.sub("datetime.timezone.utc", text) for key, text in theirs.items()}
    if "timezone.utc" in theirs.get("value", ""):
        return unquoted(ours) == unquoted(theirs)
    if "error" in theirs:
        # Wording differs between versions of Python; the class does not.
        return ours.get("error") == theirs["error"]
    return ours == theirs


def main() -> int:
    os.environ["TZ"] = DEFAULT_ZONE
    clock.tzset()
    tool = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 6000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    sources = corpus() + generate(count, seed)
    lines = "".join(json.dumps({"expression": convert(s)}) + "\n" for s in sources)
    run = subprocess.run([tool], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    failed = wording = errors = 0
    for source, ours in zip(sources, answers, strict=True):
        theirs = expected(source)
        errors += "error" in theirs
        if not same(ours, theirs):
            failed += 1
            print(f"{source}\n  python {theirs}\n  ours   {ours}")
        elif "error" in theirs and ours != theirs:
            wording += 1
            if os.environ.get("WORDING"):
                print(f"{source}\n  python {theirs}\n  ours   {ours}")
    print(
        f"{len(sources)} expressions, {errors} of them errors, {failed} differ; "
        f"{wording} errors are worded otherwise"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
