"""Every row of the catalogue has three cases at least: as a rule a hit, a NULL and nothing."""

import re
import unittest

from cases import read_all
from site_setup import ROOT

CATALOG = ROOT / "compiler" / "catalog"
LEAST = 3

# The file, what names a row in it, and how a snippet uses the name. A function that Django
# registers as a transform may be used by either of its names.
ROWS = (
    ("methods.def", r'^ORMC_METHOD\(\w+, "(\w+)"()', r"\.{}\(", ""),
    ("lookups.def", r'^ORMC_LOOKUP\(\w+, "(\w+)"()', r"__{}\b", ""),
    ("functions.def", r'^ORMC_FUNCTION\((\w+),.*"(\w*)"\)$', r"\b{}\(", r"__{}\b"),
    ("aggregates.def", r"^ORMC_(?:POSTGRES_)?AGGREGATE\((\w+)()", r"\b{}\(", ""),
)


def rows():
    """Each row's file, name, and the pattern of its use."""
    for file, row, call, transform in ROWS:
        for name, other in re.findall(row, (CATALOG / file).read_text(), re.MULTILINE):
            use = call.format(name) + (f"|{transform.format(other)}" if other else "")
            yield file, name, re.compile(use)


class EveryRow(unittest.TestCase):
    def test_has_three_cases(self):
        snippets = [case.snippet for case in read_all()]
        for file, name, use in rows():
            with self.subTest(file=file, row=name):
                found = sum(1 for snippet in snippets if use.search(snippet))
                self.assertGreaterEqual(found, LEAST, f"{name} has {found} cases")


if __name__ == "__main__":
    unittest.main()
