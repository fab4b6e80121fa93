"""Makes a snippet on which the answers differ as small as greed can, by Python's syntax tree."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import replace

from outcome import CRASH, DIFFERENT, Outcome, judge_random

ROUNDS = 40
BATCH = 80


def smaller(tree: ast.Module) -> Iterator[ast.Module]:
    """Every tree that is this one with one part dropped or replaced by a part of itself."""
    count = sum(1 for _ in ast.walk(tree))
    for index in range(count):
        options = len(list(edits(list(ast.walk(tree))[index])))
        for option in range(options):
            copied = copy.deepcopy(tree)
            node = list(ast.walk(copied))[index]
            list(edits(node))[option]()
            yield copied


def edits(node: ast.AST) -> Iterator:
    """Ways to make the children of one node smaller, as thunks that change it in place."""
    for name, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.AST):
            keep = 1 if name in ("body", "targets", "elts", "values", "generators") else 0
            for index in range(len(value) if len(value) > keep else 0):
                yield lambda value=value, index=index: drop(node, value, index)
            for index, item in enumerate(value):
                for part in parts(item):
                    yield lambda value=value, i=index, part=part: value.__setitem__(i, part)
        elif isinstance(value, ast.expr):
            for part in parts(value):
                yield lambda name=name, part=part: setattr(node, name, part)


def drop(node: ast.AST, value: list, index: int) -> None:
    if isinstance(node, ast.Dict):
        del node.keys[index], node.values[index]
    else:
        del value[index]


def parts(node: ast.AST) -> list[ast.expr]:
    """Expressions within this one that may stand in its place."""
    match node:
        case ast.Call(func=ast.Attribute(value=inner)):
            return [inner]
        case ast.Call(args=[first, *_]):
            return [first]
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.UnaryOp(operand=inner):
            return [inner]
        case ast.Subscript(value=inner):
            return [inner]
        case ast.IfExp(body=then):
            return [then]
        case ast.ListComp(generators=[first, *_]) | ast.GeneratorExp(generators=[first, *_]):
            return [first.iter]
        case ast.DictComp(generators=[first, *_]):
            return [first.iter]
    return []


class Shrinker:
    def __init__(self, reference, subject):
        self.reference = reference
        self.subject = subject

    def shrink(self, outcome: Outcome) -> Outcome:
        best = outcome
        for _ in range(ROUNDS):
            found = self._step(best)
            if found is None:
                break
            best = found
        return best

    def _step(self, best: Outcome) -> Outcome | None:
        """The first smaller snippet on which the same kind of mismatch stands."""
        texts: dict[str, None] = {}
        for tree in smaller(ast.parse(best.case.snippet)):
            try:
                text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
                ast.parse(text)
            except (SyntaxError, ValueError, AttributeError, IndexError):
                continue
            if len(text) < len(best.case.snippet):
                texts.setdefault(text)
        cases = [replace(best.case, snippet=text) for text in sorted(texts, key=len)]
        for begin in range(0, len(cases), BATCH):
            batch = cases[begin : begin + BATCH]
            for case, ours in zip(batch, self.subject.run(batch), strict=True):
                if not isinstance(ours, dict) or "diagnostics" not in ours or "result" in ours:
                    found = judge_random(case, self.reference, ours)
                    if found.kind in (DIFFERENT, CRASH) and self._same(found, best):
                        return found
        return None

    @staticmethod
    def _same(found: Outcome, best: Outcome) -> bool:
        """Not another defect: an error stays an error, a wrong answer a wrong answer."""
        before = best.answer is not None and best.answer.error is not None
        after = found.answer is not None and found.answer.error is not None
        return found.kind == best.kind and before == after
