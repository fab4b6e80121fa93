"""Methods, properties and __str__ of models, and the methods of managers and querysets."""

import ast
import inspect
import types

from django.db import models
from django.utils.functional import cached_property

from . import permissions, source
from .expressions import Inexpressible

# Django's own, whose bodies are code but whose meaning is one expression.
KNOWN = {
    "django.contrib.auth.models.AbstractUser.get_full_name": "('%s %s' % (self.first_name, self.last_name)).strip()",
    "django.contrib.auth.models.AbstractUser.get_short_name": "self.first_name",
}
# The classes whose attributes are Django's, not the site's.
DJANGO_BASES = {*models.Model.__mro__, *models.Manager.__mro__, *models.QuerySet.__mro__}
USERNAME = "django.contrib.auth.base_user.AbstractBaseUser.get_username"


def method(name, function, model, prepare=None):
    """METHOD of the contract: arguments and source, or the reason why it is opaque."""
    try:
        known = known_source(function, model)
        if known is not None:
            return {"name": name, "args": ["self"], "defaults": {}, "source": known}
        tree = permissions.known(path_of(function))
        if tree is not None:
            arguments, defaults = source.signature(tree)
            return {"name": name, "args": arguments, "defaults": defaults, "source": ast.unparse(tree.body)}
        tree = source.parse_function(function)
        arguments, defaults = source.signature(tree)
        expression = source.returned_expression(tree, stored(model) if prepare is None else frozenset())
        if prepare is not None:
            expression = prepare(expression)
        expression = source.resolve(function, expression, arguments)
        if arguments[0] != "self":
            expression = rename(expression, arguments[0], "self")
            arguments = ["self", *arguments[1:]]
        return {"name": name, "args": arguments, "defaults": defaults, "source": ast.unparse(expression)}
    except Inexpressible as error:
        return {"name": name, "opaque": f"{error}: {source.location(function)}"}


def stored(model):
    """The attributes that a row has without any code: its columns, and the rows that these are keys of."""
    return frozenset(name for one in model._meta.concrete_fields for name in (one.name, one.attname))


def path_of(function):
    return f"{function.__module__}.{function.__qualname__}"


def known_source(function, model):
    path = path_of(function)
    if path == USERNAME and hasattr(model, "USERNAME_FIELD"):
        return f"self.{model.USERNAME_FIELD}"
    return KNOWN.get(path)


def rename(expression, old, new):
    for node in ast.walk(expression):
        if isinstance(node, ast.Name) and node.id == old:
            node.id = new
    return expression


def own_attributes(cls):
    """(name, value) of what `cls` and its bases other than Django's define; the nearest definition wins."""
    found = {}
    for base in cls.__mro__:
        if base in DJANGO_BASES:
            continue
        for name, value in vars(base).items():
            found.setdefault(name, value)
    return sorted(found.items())


def model_words(model):
    """{"methods", "properties", "str"} of a model."""
    methods, properties, text = [], [], None
    inherited = set(dir(models.Model))
    for name, value in own_attributes(model):
        if name == "__str__" and isinstance(value, types.FunctionType):
            text = method(name, value, model)
        if name.startswith("_") or name in inherited:
            continue
        if isinstance(value, property) and value.fget is not None:
            properties.append(method(name, value.fget, model))
        elif isinstance(value, cached_property):
            properties.append(method(name, value.func, model))
        elif isinstance(value, types.FunctionType) and not inspect.iscoroutinefunction(value):
            methods.append(method(name, value, model))
    return {"methods": methods, "properties": properties, "str": text}


def queryset_words(cls, model):
    """The public methods that a queryset or manager class adds to Django's."""
    inherited = set(dir(models.QuerySet)) | set(dir(models.Manager))
    return [
        method(name, value, model, prepare=_QuerySetSelf(model).visit)
        for name, value in own_attributes(cls)
        if isinstance(value, types.FunctionType)
        and not inspect.iscoroutinefunction(value)
        and not name.startswith("_")
        and name not in inherited
    ]


class _QuerySetSelf(ast.NodeTransformer):
    """In a manager's or queryset's method `self` is the rows, so `self.get_queryset()` is too."""

    def __init__(self, model):
        self.model = model

    def visit_Call(self, node):
        if ast.unparse(node) == "self.get_queryset()":
            return ast.Name(id="self", ctx=ast.Load())
        return self.generic_visit(node)

    def visit_Attribute(self, node):
        if ast.unparse(node) == "self.model":
            return source.model_reference(self.model)
        return self.generic_visit(node)
