"""The manifest: everything about a site's models that a compiler needs, as deterministic JSON.

Read in this order: build.py (the whole), models.py (one model), fields.py (one field and its relation), reverse.py,
managers.py and methods.py (the site's own words), lookups.py (what it registered), source.py and expressions.py (from
code and objects to text), admin.py, values.py, db_types.py. Nothing here touches a database or needs more than Django.
"""

from .build import FORMAT, build, canonical, fingerprint, written

__all__ = ["FORMAT", "build", "canonical", "fingerprint", "written"]
