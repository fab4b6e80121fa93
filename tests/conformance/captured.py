"""A question of a test, as capture.py keeps it and main.py reads it."""

from __future__ import annotations

from dataclasses import dataclass

from cases import Case
from reference import Answer


@dataclass
class Captured:
    """A snippet with Django's answer, on the data and with the settings of the moment."""

    case: Case
    answer: Answer
    data: str
    manifest: str
