"""An expression of a test, with what it names, as a snippet of the language that stands alone.

A name that the language knows is written as it knows it; a value that has a literal is written out;
a row is fetched by its key; a local name that was bound to an expressible expression becomes an
assignment before the answer. Anything else is `Inexpressible`.
"""

from __future__ import annotations

import ast
import builtins
import copy
import datetime
import types
import unittest
from dataclasses import dataclass

from ai_assistant.manifest import expressions
from ai_assistant.manifest.expressions import Inexpressible
from django.db.models import Expression, F, Model, Q

BUILTINS = frozenset(
    """
    len sum min max sorted reversed round abs any all list dict set frozenset tuple str int float
    bool enumerate zip range bytes
    """.split()
)
# Ends of an expression that change data, reach into Django's machinery, or are a test's own.
FORBIDDEN = frozenset(
    """
    save asave delete adelete create acreate update aupdate bulk_create bulk_update abulk_create
    get_or_create update_or_create add aadd remove aremove clear aclear set aset refresh_from_db
    query model db full_clean clean pk_val ordered as_manager as_sql resolve_expression deconstruct
    connection connections register_lookup get_lookup get_transform instance through field rel
    populate_instances get_queryset get_prefetch_queryset get_prefetch_querysets objects_class
    serializable_value get_compiler get_deferred_fields is_cached append extend pop explain raw extra select_for_update using
    """.split()
)
PRIVATE = {"_default_manager", "_base_manager"}
LITERAL_CONTAINERS = (list, tuple, set, frozenset, dict)


@dataclass
class Symbol:
    """A local name, the expression that it was bound to, and the object that this gave."""

    name: str
    tree: ast.expr
    value: object
    fetched: bool = False  # a row of the test's, by its key


def literal(value) -> str:
    """Source of a value; raises Inexpressible."""
    if isinstance(value, bool) or value is None or type(value) in (int, str, bytes):
        return repr(value)
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        moment = repr(value.astimezone(datetime.UTC).replace(tzinfo=None))
        return moment.replace("datetime.datetime", "datetime")[:-1] + ', tzinfo=ZoneInfo("UTC"))'
    if type(value) in (list, tuple):
        inner = ", ".join(literal(item) for item in value)
        if type(value) is list:
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if type(value) in (set, frozenset) and value:
        return "{" + ", ".join(literal(item) for item in value) + "}"
    if type(value) is dict:
        items = (f"{literal(key)}: {literal(item)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, (Expression, F, Q)):
        return expressions.source(value)
    if isinstance(value, LITERAL_CONTAINERS):
        raise Inexpressible("a container")
    return expressions.literal(value)


class Language:
    """The language's names, by the objects that they stand for."""

    def __init__(self, names: dict):
        self.names = names
        self.known = {id(thing): name for name, thing in names.items()}
        self.known |= {
            id(datetime): "datetime",
            id(datetime.datetime): "datetime",
            id(datetime.date): "date",
            id(datetime.time): "time",
        }

    def name_of(self, thing) -> str | None:
        return self.known.get(id(thing))


class Expressor(ast.NodeTransformer):
    """Rewrites one expression of a frame; `queries` tells whether a model is in it."""

    def __init__(self, language: Language, scopes: list[dict], symbols: dict[str, Symbol]):
        self.language = language
        self.scopes = [*scopes, vars(builtins)]
        self.symbols = symbols
        self.bound: list[set[str]] = []
        self.queries = False

    def express(self, node: ast.expr) -> ast.expr:
        return self.visit(copy.deepcopy(node))

    def generic_visit(self, node):
        forbidden = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Starred)
        if isinstance(node, forbidden):
            raise Inexpressible(type(node).__name__)
        return super().generic_visit(node)

    # -- names and attributes

    def find(self, name: str):
        for scope in self.scopes:
            if name in scope:
                return scope[name]
        raise Inexpressible(f"{name} is not bound")

    def value_of(self, node):
        """The object behind a path of names of modules, classes, tests and rows."""
        if isinstance(node, ast.Name) and not self.is_bound(node.id):
            return self.find(node.id)
        if isinstance(node, ast.Attribute):
            base = self.value_of(node.value)
            if isinstance(base, (types.ModuleType, unittest.TestCase)) or (
                isinstance(base, type) and not issubclass(base, Model)
            ):
                return getattr(base, node.attr)
            if isinstance(base, Model) and node.attr in ("pk", *vars(base)):
                return getattr(base, node.attr)
            # Choices classes and constants of a model; never its managers.
            if isinstance(base, type) and isinstance(vars(base).get(node.attr), (str, int, type)):
                return getattr(base, node.attr)
        raise Inexpressible("not a plain path")

    def is_bound(self, name: str) -> bool:
        return any(name in names for names in self.bound)

    def visit_Name(self, node):
        if self.is_bound(node.id):
            return node
        return self.written(self.find(node.id), node.id)

    def written(self, value, name: str) -> ast.expr:
        symbol = self.symbols.get(name)
        if symbol is not None and symbol.value is value:
            self.queries = self.queries or getattr(symbol.tree, "queries", False)
            return named(symbol)
        known = self.language.name_of(value)
        if known is not None:
            if isinstance(value, type) and issubclass(value, Model):
                self.queries = True
            return ast.Name(id=known, ctx=ast.Load())
        if name in BUILTINS and value is getattr(builtins, name):
            return ast.Name(id=name, ctx=ast.Load())
        if isinstance(value, Model):
            return self.row(value, name)
        try:
            return ast.parse(literal(value), mode="eval").body
        except (Inexpressible, RecursionError):
            raise Inexpressible(f"{name} is a {type(value).__name__}") from None

    def row(self, value: Model, name: str) -> ast.expr:
        """A row by its key."""
        model = self.language.name_of(type(value))
        if model is None or value.pk is None or value._state.adding:
            raise Inexpressible(f"{name} is a row that is not stored")
        manager = "objects" if hasattr(type(value), "objects") else "_default_manager"
        tree = ast.parse(f"{model}.{manager}.get(pk={literal(value.pk)})", mode="eval").body
        tree.queries = self.queries = True
        symbol = self.symbols.setdefault(
            f"row {model} {value.pk}", Symbol(name, tree, value, fetched=True)
        )
        return named(symbol)

    def visit_Attribute(self, node):
        if node.attr in FORBIDDEN or (node.attr.startswith("_") and node.attr not in PRIVATE):
            raise Inexpressible(node.attr)
        try:
            value = self.value_of(node)
        except Inexpressible:
            return self.generic_visit(node)
        except Exception as error:
            raise Inexpressible(str(error)) from None
        try:
            return self.written(value, node.attr)
        except Inexpressible:
            if isinstance(self.value_of(node.value), unittest.TestCase):
                raise
            return self.generic_visit(node)

    def visit_Compare(self, node):
        """`Model == Other` asks Python, not the database."""
        found = self.generic_visit(node)
        for side in (found.left, *found.comparators):
            known = self.language.names.get(side.id) if isinstance(side, ast.Name) else None
            if isinstance(known, type) and issubclass(known, Model):
                raise Inexpressible("a class as a value")
        return found

    # -- calls, scopes

    def visit_Call(self, node):
        node.func = self.visit(node.func)
        if isinstance(node.func, ast.Name) and not self.is_bound(node.func.id):
            made = self.language.names.get(node.func.id)
            if isinstance(made, type) and issubclass(made, Model):
                raise Inexpressible("a new row")
        node.args = [part for argument in node.args for part in self.argument(argument)]
        for keyword in node.keywords:
            lambdas = keyword.arg == "key" and isinstance(keyword.value, ast.Lambda)
            keyword.value = self.key(keyword.value) if lambdas else self.visit(keyword.value)
        return node

    def argument(self, node) -> list[ast.expr]:
        if not isinstance(node, ast.Starred):
            return [self.visit(node)]
        inner = self.visit(node.value)
        if not isinstance(inner, (ast.List, ast.Tuple)):
            raise Inexpressible("Starred")
        return inner.elts

    def key(self, node: ast.Lambda):
        self.bound.append({argument.arg for argument in node.args.args})
        node.body = self.visit(node.body)
        self.bound.pop()
        return node

    def visit_Lambda(self, node):
        raise Inexpressible("Lambda")

    def comprehension(self, node):
        names = {
            inner.id
            for generator in node.generators
            for inner in ast.walk(generator.target)
            if isinstance(inner, ast.Name)
        }
        self.bound.append(names)
        found = super().generic_visit(node)
        self.bound.pop()
        return found

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = comprehension


def named(symbol: Symbol) -> ast.Name:
    found = ast.Name(id=symbol.name, ctx=ast.Load())
    found.symbol = symbol
    return found


def snippet(tree: ast.expr, taken: dict) -> str:
    """The assignments that `tree` needs, then `result = ...`."""
    lines: list[str] = []
    names: dict[int, str] = {}

    def place(node: ast.AST) -> None:
        for inner in ast.walk(node):
            symbol = getattr(inner, "symbol", None)
            if symbol is None or id(symbol) in names:
                continue
            place(symbol.tree)
            name, number = symbol.name, 1
            while name in names.values() or name in taken or name == "result":
                number += 1
                name = f"{symbol.name}_{number}"
            lines.append(f"{name} = {text(symbol.tree)}")
            names[id(symbol)] = name

    def text(node: ast.AST) -> str:
        written = copy.deepcopy(node, {id(s): s for s in symbols_in(node)})
        for inner in ast.walk(written):
            if getattr(inner, "symbol", None) is not None:
                inner.id = names[id(inner.symbol)]
        return ast.unparse(ast.fix_missing_locations(written))

    place(tree)
    lines.append(f"result = {text(tree)}")
    return "\n".join(lines) + "\n"


def asks(tree: ast.expr) -> bool:
    """Whether it asks the database more than for rows that the test made."""
    for node in ast.walk(tree):
        symbol = getattr(node, "symbol", None)
        if isinstance(node, ast.Call) or (
            symbol is not None and not symbol.fetched and asks(symbol.tree)
        ):
            return True
    return False


def symbols_in(node: ast.AST) -> list[Symbol]:
    return [inner.symbol for inner in ast.walk(node) if getattr(inner, "symbol", None) is not None]
