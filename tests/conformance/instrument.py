"""Django's test modules with a call before each statement of their test classes' functions."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

HOOK = "__before_statement__"

# Statements by number; a function's body is numbered when its module is loaded.
statements: list[ast.stmt] = []


class _Hooks(ast.NodeTransformer):
    """Inserts `HOOK(number)` before each statement in functions."""

    def __init__(self):
        self.depth = 0

    def visit_FunctionDef(self, node):
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1
        return node

    def generic_visit(self, node):
        super().generic_visit(node)
        if self.depth == 0:
            return node
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                setattr(node, name, [part for one in block for part in self.hooked(one)])
        return node

    def hooked(self, statement: ast.stmt) -> list[ast.stmt]:
        statements.append(statement)
        call = ast.Call(
            func=ast.Name(id=HOOK, ctx=ast.Load()),
            args=[ast.Constant(len(statements) - 1)],
            keywords=[],
        )
        return [ast.copy_location(ast.Expr(call), statement), statement]


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        path = self.get_filename(fullname)
        tree = _Hooks().visit(ast.parse(Path(path).read_bytes(), path))
        return compile(ast.fix_missing_locations(tree), path, "exec")


class Finder(importlib.abc.MetaPathFinder):
    """Loads `APP.test*` and `APP.*.test*` with hooks."""

    def __init__(self, folder: Path, app: str, hook: Callable[[int], None]):
        self.folder = folder
        self.app = app
        self.hook = hook

    def find_spec(self, fullname, path=None, target=None):
        first, _, rest = fullname.partition(".")
        if first != self.app or not rest.rpartition(".")[2].startswith("test"):
            return None
        file = self.folder.joinpath(*fullname.split(".")).with_suffix(".py")
        if not file.exists():
            return None
        spec = importlib.util.spec_from_loader(fullname, _Loader(fullname, str(file)))
        spec.loader.exec_module = self._exec(spec.loader)
        return spec

    def _exec(self, loader):
        def exec_module(module):
            vars(module)[HOOK] = self.hook
            exec(loader.get_code(module.__name__), vars(module))

        return exec_module


def install(folder: Path, app: str, hook: Callable[[int], None]) -> None:
    sys.meta_path.insert(0, Finder(folder, app, hook))
