"""Verified queries as files of the site's repository: `ormc --check` then says which a change of the models breaks."""

import hashlib

from django.utils.text import slugify

from . import publishing
from .models import VerifiedQuery

SUFFIX = ".orm.py"
FIRST_LINE = "# A verified query, written by manage.py ormc_export_queries: change it in the admin."
# What stands for a slot, in the form in which ormd writes a typed value into the snippet.
SAMPLES = {"date": "date(2026, 1, 31)", "number": "1"}


def export(folder):
    """(files written, files of queries that are gone)"""
    folder.mkdir(parents=True, exist_ok=True)
    queries = VerifiedQuery.objects.using(publishing.store()).filter(enabled=True).order_by("question")
    texts = {name_of(query): text_of(query) for query in queries}
    gone = [path for path in folder.glob(f"*{SUFFIX}") if path.name not in texts and is_ours(path)]
    for path in gone:
        path.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(texts), len(gone)


def is_ours(path):
    return path.read_text(encoding="utf-8").startswith(FIRST_LINE)


def name_of(query):
    """The same at every export, and another for questions that differ in punctuation alone."""
    mark = hashlib.sha256(query.question.encode()).hexdigest()[:6]
    return f"{slugify(query.question)[:60] or 'query'}-{mark}{SUFFIX}"


def text_of(query):
    comments = [FIRST_LINE, *(f"# {line}" for line in f"{query.question}\n{query.explanation}".splitlines() if line)]
    return "\n".join([*comments, filled(query).strip(), ""])


def filled(query):
    snippet = query.snippet
    for slot in query.slots:
        sample = repr(slot["choices"][0]) if slot["type"] == "choice" else SAMPLES[slot["type"]]
        snippet = snippet.replace("{{" + slot["name"] + "}}", sample)
    return snippet
