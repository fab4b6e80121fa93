"""What `ormc` shows one user of one model: its rows by every manager and path, its columns by name."""

from __future__ import annotations

from dataclasses import dataclass, field

from ai_assistant import rights
from corpus import Case
from django.db import models
from ormc_process import Process
from verdict import code_of


@dataclass
class Shown:
    rows: set = field(default_factory=set)
    behind: set = field(default_factory=set)
    """Keys, and a text of the rows, that paths from other models reach."""
    columns: set = field(default_factory=set)
    refused: int = 0
    questions: int = 0


def text_column(model) -> str | None:
    """One whose values are told apart and written alike on both sides."""
    texts = [one for one in model._meta.concrete_fields if isinstance(one, models.CharField)]
    texts.sort(key=lambda one: not one.unique)
    return texts[0].name if texts else None


def paths(model, others):
    """(model, path) of what leads to the model's rows from others, and ends at a column of them."""
    text = text_column(model)
    for other in others:
        for relation in other._meta.get_fields():
            if relation.related_model is not model:
                continue
            # A key stands in the own row: docs/security.md, "What is not promised".
            if relation.one_to_many or relation.many_to_many or not relation.concrete:
                yield other, f"{relation.name}__pk"
            if text:
                yield other, f"{relation.name}__{text}"


class Asker:
    def __init__(self, process: Process, user, members: list):
        self.process, self.members = process, members
        process.users = {"user": rights.user_file(user)}

    def values(self, found: Shown, snippet: str) -> list | None:
        """None where it is refused."""
        found.questions += 1
        answer = self.process.ask(Case("admin", "R10", "", "user", False, f"result = {snippet}"))
        code = code_of(answer)
        if code == "ok":
            return answer["result"]
        if code == "crash" or code >= "ORM6":
            raise AssertionError(f"{snippet}: {answer}")
        found.refused += 1
        return None

    def ask(self, model) -> Shown:
        found, name, answered = Shown(), model.__name__, False
        for manager in model._meta.managers:
            rows = self.values(found, f"list({name}.{manager.name}.values_list('pk', flat=True))")
            answered = answered or rows is not None
            found.rows |= set(map(str, rows or ()))
        for other, path in paths(model, self.members):
            wanted = f"{other.__name__}.objects.values_list('{path}', flat=True).distinct()"
            reached = self.values(found, f"list({wanted})") or ()
            found.behind |= {str(value) for value in reached if value is not None}
        columns = (*model._meta.concrete_fields, *model._meta.many_to_many) if answered else ()
        for one in columns:
            wanted = f"list({name}.objects.values_list('{one.name}', flat=True)[:1])"
            if not one.primary_key and self.values(found, wanted) is not None:
                found.columns.add(one.name)
        return found
