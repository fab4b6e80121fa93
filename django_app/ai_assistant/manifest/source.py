"""The site's functions as source of the language: the expression that they return (bodies.py), in its names.

A name of the function's module that is a literal is written out; a model, or one of Django's own names under an alias,
gets the name it has in the language; anything else makes the function opaque, with the reason.
"""

import ast
import builtins
import datetime
import decimal
import functools
import importlib
import inspect
import linecache
import math
import re
import sys
import textwrap
import uuid

import django.db.models
import django.db.models.functions
import django.utils.timezone
from django.apps import apps
from django.db import models

from . import bodies, expressions
from .expressions import Inexpressible
from .values import Omitted, encode

BUILTINS = frozenset(
    """
    len sum min max sorted reversed round abs any all list dict set frozenset tuple str int float bool enumerate
    zip range iter next format hasattr ord chr divmod pow bin oct hex
    """.split()
)
FORBIDDEN = (ast.Lambda, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Starred)
PLAIN_DECORATORS = {"property", "cached_property", "display"}


def location(thing):
    """module:line, or the module alone where there is no file."""
    line = line_of(thing)
    return f"{thing.__module__}:{line}" if line else str(getattr(thing, "__module__", "?"))


@functools.lru_cache(maxsize=4096)
def line_of(thing):
    """Where a function or class begins; inspect would parse the whole file for a class."""
    code = getattr(inspect.unwrap(thing), "__code__", None)
    if code is not None:
        return code.co_firstlineno
    try:
        lines = linecache.getlines(inspect.getsourcefile(thing))
    except (OSError, TypeError):
        return None
    start = re.compile(rf"\s*class\s+{re.escape(thing.__name__)}\b")
    return next((number for number, line in enumerate(lines, 1) if start.match(line)), None)


@functools.lru_cache(maxsize=1)
def language_names():
    """{id of a Python object: its name in the language}."""
    known = {}
    for module in (django.db.models, django.db.models.functions):
        for name in dir(module):
            thing = getattr(module, name)
            if isinstance(thing, type) and thing.__module__.startswith("django."):
                known[id(thing)] = name
    named = {
        "models": django.db.models,
        "functions": django.db.models.functions,
        "timezone": django.utils.timezone,
        "datetime": datetime,
        "date": datetime.date,
        "time": datetime.time,
        "timedelta": datetime.timedelta,
        "Decimal": decimal.Decimal,
        "UUID": uuid.UUID,
        "uuid": uuid,
        "math": math,
        "apps": apps,
    }
    known.update({id(thing): name for name, thing in named.items()})
    known[id(datetime.datetime)] = "datetime"
    return known


def parse_function(function):
    """The definition's syntax tree; raises Inexpressible where there is none."""
    try:
        text = textwrap.dedent(inspect.getsource(function))
        tree = ast.parse(text).body[0]
    except (OSError, TypeError, SyntaxError, IndexError, ValueError):
        raise Inexpressible("its source cannot be read") from None
    if not isinstance(tree, ast.FunctionDef):
        raise Inexpressible("it is not a plain function")
    return tree


def returned_expression(tree, plain=frozenset()):
    """The one expression that a function returns; `plain` as bodies.expression_of has it."""
    for decorator in tree.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "?")
        if name not in PLAIN_DECORATORS:
            raise Inexpressible(f"it is decorated with {name}")
    expression = bodies.expression_of(tree, plain)
    for node in ast.walk(expression):
        if isinstance(node, FORBIDDEN):
            raise Inexpressible(f"it uses {type(node).__name__.lower()}")
    return expression


def imported(function):
    """{name: what it stands for} of the imports in the function's body."""
    found = {}
    package = function.__globals__.get("__package__")
    for node in ast.walk(parse_function(function)):
        try:
            if isinstance(node, ast.Import):
                for name in node.names:
                    module = importlib.import_module(name.name)
                    first = name.name.partition(".")[0]
                    found[name.asname or first] = module if name.asname else sys.modules[first]
            elif isinstance(node, ast.ImportFrom):
                module = importlib.import_module("." * node.level + (node.module or ""), package)
                for name in node.names:
                    found[name.asname or name.name] = getattr(module, name.name)
        except (ImportError, AttributeError, TypeError):
            raise Inexpressible("it imports what is not there") from None
    return found


def signature(tree):
    """(names of the arguments, {name: default as JSON}) of a function with plain arguments."""
    arguments = tree.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
        raise Inexpressible("it takes other than plain arguments")
    names = [argument.arg for argument in arguments.args]
    if not names:
        raise Inexpressible("it takes no self")
    defaults = {}
    for name, node in zip(names[len(names) - len(arguments.defaults) :], arguments.defaults):
        try:
            defaults[name] = encode(ast.literal_eval(node))
        except (ValueError, Omitted):
            raise Inexpressible(f"the default of {name} is not a literal") from None
    return names, defaults


def resolve(function, expression, arguments):
    """`expression` with every free name in the language's words."""
    bound = set(arguments) | {
        node.id for node in ast.walk(expression) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return ast.fix_missing_locations(_Names(function, bound).visit(expression))


class _Names(ast.NodeTransformer):
    def __init__(self, function, bound):
        self.bound = bound
        closure = inspect.getclosurevars(function)
        self.scope = {**closure.globals, **closure.nonlocals, **imported(function)}
        self.globals = function.__globals__
        self.known = language_names()

    def visit_Attribute(self, node):
        """`Status.PAID` of an enumeration that stands outside the models becomes its value."""
        free = isinstance(node.value, ast.Name) and not getattr(node.value, "resolved", False)
        if free and node.value.id not in self.bound:
            thing = self.find(node.value.id)
            if isinstance(thing, type) and issubclass(thing, models.Choices):
                return self.write(getattr(thing, node.attr, thing), f"{node.value.id}.{node.attr}")
        return self.generic_visit(node)

    def visit_Name(self, node):
        if node.id in self.bound or not isinstance(node.ctx, ast.Load) or getattr(node, "resolved", False):
            return node
        thing = self.find(node.id)
        if thing is getattr(builtins, node.id, self) and node.id in BUILTINS:
            return node
        if isinstance(thing, type) and issubclass(thing, models.Model):
            return model_reference(thing)
        if id(thing) in self.known:
            return ast.Name(id=self.known[id(thing)], ctx=ast.Load())
        return self.write(thing, node.id)

    def find(self, name):
        for scope in (self.scope, self.globals, vars(builtins)):
            if name in scope:
                return scope[name]
        raise Inexpressible(f"it uses {name}, which is not defined")

    def write(self, thing, name):
        try:
            return ast.parse(expressions.literal(thing), mode="eval").body
        except Inexpressible:
            raise Inexpressible(f"it uses {name}, which the language does not know") from None


def model_reference(model):
    """A model by its class name, or by its label where another model has the same."""
    name = model.__name__
    same = [other for other in apps.get_models() if other.__name__ == name]
    text = name if len(same) <= 1 else f"apps.get_model({model._meta.app_label!r}, {name!r})"
    expression = ast.parse(text, mode="eval").body
    for node in ast.walk(expression):
        node.resolved = True  # it stands in the language already
    return expression
