"""A model's managers: plain, expressible as a queryset, or opaque with the reason.

An opaque manager is never read as all rows: what cannot be told for certain is opaque.
"""

import ast

from django.db import models
from django.db.models.manager import BaseManager

from . import methods, source
from .expressions import Inexpressible, literal

# What a manager or queryset may define without changing what is read.
HARMLESS = frozenset(
    """
    _queryset_class _constructor_args use_in_migrations creation_counter auto_created deconstruct check
    contribute_to_class from_queryset as_manager db_manager get_by_natural_key get_queryset create acreate
    get_or_create aget_or_create update_or_create aupdate_or_create bulk_create abulk_create bulk_update
    abulk_update delete adelete update aupdate
    """.split()
)
TELLING_SPECIALS = frozenset(
    """
    __iter__ __aiter__ __len__ __bool__ __getitem__ __and__ __or__ __xor__ __getattr__ __getattribute__
    """.split()
)


# What Django sets on a related manager: its class cannot have its own under these names.
RELATED_ATTRIBUTES = """
    instance field core_filters model through source_field target_field source_field_name target_field_name
    query_field_name prefetch_cache_name symmetrical reverse related_val pk_field_names content_type
    content_type_field_name object_id_field_name pk_val
""".split()


def managers(model):
    options = model._meta
    if options.swapped:
        return []
    found = {manager.name: manager for manager in options.managers}
    found.setdefault(options.base_manager.name, options.base_manager)
    return [describe_both(manager, model) for _, manager in sorted(found.items())]


def describe_both(manager, model):
    """A manager, and what a related manager reads where that differs: Django makes it of the class alone."""
    found = describe(manager, model)
    try:
        alone = type(manager)()
    except Exception as error:
        reason = f"{type(manager).__name__} is not made without arguments: {error}"
        return {**found, "related": {"name": manager.name, "kind": "opaque", "reason": reason}}
    alone.name = manager.name
    for name in RELATED_ATTRIBUTES:
        setattr(alone, name, object())
    related = describe(alone, model)
    return found if related == found else {**found, "related": related}


def describe(manager, model):
    try:
        check_overrides(manager)
        queryset = ast.unparse(rows(manager, type(manager), model))
    except Inexpressible as error:
        return {"name": manager.name, "kind": "opaque", "reason": str(error)}
    words = {word["name"]: {**word, "on": "manager"} for word in methods.queryset_words(type(manager), model)}
    # from_queryset() puts wrappers on the manager: the queryset's own definition is the one to read.
    for word in methods.queryset_words(queryset_class(manager), model):
        words[word["name"]] = {**word, "on": "queryset"}
    words = [words[name] for name in sorted(words)]
    if queryset == "self":
        return {"name": manager.name, "kind": "plain", "methods": words}
    return {"name": manager.name, "kind": "expressible", "queryset": queryset, "methods": words}


def queryset_class(manager):
    return getattr(manager, "_queryset_class", models.QuerySet)


def check_overrides(manager):
    """Nothing that Django's manager and queryset do may be done differently."""
    check_class(queryset_class(manager), TELLING_SPECIALS | {"__init__"})
    check_class(type(manager), TELLING_SPECIALS)


def check_class(cls, specials):
    for name, _ in methods.own_attributes(cls):
        if name.startswith("__"):
            telling = name in specials
        else:
            telling = (hasattr(models.QuerySet, name) or hasattr(models.Manager, name)) and name not in HARMLESS
        if telling:
            raise Inexpressible(f"{cls.__name__} overrides {name}: {source.location(cls)}")


def definer(cls, after=None):
    """The class that gives `cls` its get_queryset, searching past `after`."""
    order = list(cls.__mro__)
    if after is not None:
        order = order[order.index(after) + 1 :]
    for base in order:
        if "get_queryset" in vars(base):
            return base
    raise Inexpressible("it has no get_queryset")


def rows(manager, cls, model, after=None):
    """What get_queryset gives, as an expression over `self`, which stands for all rows."""
    base = definer(cls, after)
    if base is BaseManager:
        return ast.Name(id="self", ctx=ast.Load())
    function = vars(base)["get_queryset"]
    try:
        tree = source.parse_function(function)
        if source.signature(tree)[0] != ["self"]:
            raise Inexpressible("get_queryset takes arguments")
        expression = source.returned_expression(tree)
        expression = _Rows(manager, cls, model, base, function).visit(expression)
        return source.resolve(function, expression, ["self"])
    except Inexpressible as error:
        raise Inexpressible(f"get_queryset is code ({error}): {source.location(function)}") from None


class _Rows(ast.NodeTransformer):
    """Writes super().get_queryset() as its own expression, and the manager's literals as themselves."""

    def __init__(self, manager, cls, model, base, function):
        self.manager, self.cls, self.model, self.base, self.function = manager, cls, model, base, function

    def visit_Call(self, node):
        target = node.func
        if isinstance(target, ast.Attribute) and target.attr == "get_queryset" and is_super(target.value):
            if node.args or node.keywords:
                raise Inexpressible("super().get_queryset takes no arguments")
            return rows(self.manager, self.cls, self.model, self.base)
        if isinstance(target, ast.Name) and self.makes_queryset(target.id, node):
            return ast.Name(id="self", ctx=ast.Load())
        return self.generic_visit(node)

    def makes_queryset(self, name, node):
        """`SomeQuerySet(self.model, using=self._db)`."""
        thing = self.function.__globals__.get(name)
        if not (isinstance(thing, type) and issubclass(thing, models.QuerySet)):
            return False
        arguments = [ast.unparse(argument) for argument in node.args]
        keywords = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        if arguments != ["self.model"] or not set(keywords.items()) <= {("using", "self._db")}:
            raise Inexpressible(f"{name} is made with other than self.model and self._db")
        if thing is not models.QuerySet and thing is not queryset_class(self.manager):
            check_class(thing, TELLING_SPECIALS | {"__init__"})
        return True

    def visit_Attribute(self, node):
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            if node.attr == "model":
                return source.model_reference(self.model)
            if hasattr(models.QuerySet, node.attr):
                raise Inexpressible("it reads through itself")
            # A literal of the manager, such as what its constructor was given.
            return ast.parse(literal(getattr(self.manager, node.attr, self)), mode="eval").body
        return self.generic_visit(node)


def is_super(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
