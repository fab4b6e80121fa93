"""A clock that stands still: `timezone.now`, `datetime.now`, `date.today` and the active zone."""

from __future__ import annotations

import contextlib
import datetime as real
from unittest import mock
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone


def local_now() -> real.datetime:
    """Naive, in TIME_ZONE: Django sets the process's zone to it."""
    return timezone.now().astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None)


class FrozenDate(real.date):
    def __new__(cls, *args, **kwargs):
        return real.date(*args, **kwargs)

    @classmethod
    def today(cls):
        return local_now().date()


class FrozenDateTime(real.datetime):
    def __new__(cls, *args, **kwargs):
        return real.datetime(*args, **kwargs)

    @classmethod
    def now(cls, tz=None):
        return local_now() if tz is None else timezone.now().astimezone(tz)

    @classmethod
    def today(cls):
        return local_now()

    @classmethod
    def utcnow(cls):
        return timezone.now().astimezone(real.UTC).replace(tzinfo=None)

    @classmethod
    def combine(cls, *args, **kwargs):
        return real.datetime.combine(*args, **kwargs)

    @classmethod
    def fromisoformat(cls, text):
        return real.datetime.fromisoformat(text)

    @classmethod
    def strptime(cls, text, form):
        return real.datetime.strptime(text, form)

    @classmethod
    def fromtimestamp(cls, stamp, tz=None):
        zone = ZoneInfo(settings.TIME_ZONE)
        found = real.datetime.fromtimestamp(stamp, tz or zone)
        return found if tz else found.replace(tzinfo=None)


class DateTimeName:
    """The name `datetime` in a snippet: the module or the class, whichever the use needs."""

    datetime = FrozenDateTime
    date = FrozenDate
    time = real.time
    timedelta = real.timedelta
    timezone = real.timezone
    UTC = real.UTC

    def __call__(self, *args, **kwargs):
        return real.datetime(*args, **kwargs)

    def __getattr__(self, name):
        return getattr(FrozenDateTime, name)


@contextlib.contextmanager
def frozen(now: str, zone: str):
    moment = real.datetime.fromisoformat(now).astimezone(real.UTC)
    with mock.patch.object(timezone, "now", lambda: moment), timezone.override(ZoneInfo(zone)):
        yield
