"""Random valid snippets from a manifest, seeded.

schema.py       the manifest as the generator sees it: typed fields, relations, paths
draw.py         chance, the counts of what was used, values sampled from the database
predicates.py   keyword conditions and Q trees that a chosen row fulfils
containers.py   conditions on JSON, arrays, ranges, hstore, search vectors
windows.py      window functions, PostgreSQL's own aggregates
expressions.py  typed expressions: F arithmetic, Case, functions, Subquery, Exists
querysets.py    filter, exclude, annotate, order_by, slices, values, groups
programs.py     whole answers: ends, glue, folds
"""

from .draw import Draw
from .programs import Programs

__all__ = ["Draw", "Programs"]
