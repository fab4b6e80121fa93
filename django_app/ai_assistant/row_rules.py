"""A ModelAdmin's get_queryset, has_view_permission and get_exclude as rules of the policy, where they can be read.

The code is read, never run: assignments, returns, and branches on request.user.is_superuser, once as for a superuser
and once as for anybody else. Whatever it holds besides makes it inexpressible, and its model stays hidden.
"""

import ast

from django.contrib.admin import ModelAdmin
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldError
from django.db.models.sql import Query

from .manifest import managers, source
from .manifest.expressions import Inexpressible

NO_ROW = "Q(pk__in=[])"
SAME_ROWS = frozenset("all order_by select_related prefetch_related only defer".split())


def rows(model, model_admin):
    """The policy's entries for the rows of a model; none where all are shown."""
    if model._meta.proxy:
        raise Inexpressible("it is of a proxy")
    of_superusers, of_others = (where(model, type(model_admin), superuser) for superuser in (True, False))
    label = model._meta.label
    if of_superusers == of_others:
        return [{"model": label, "where": of_others}] if of_others != "Q()" else []
    return [{"model": label, "where": of_superusers, "superusers": True}, {"model": label, "where": of_others}]


def where(model, cls, superuser):
    if not Permission(cls, superuser).answer():
        return NO_ROW
    return " & ".join(Rows(model, cls, superuser).answer().conditions) or "Q()"


def excluded(cls):
    """The names that a constant get_exclude gives anybody; nothing where it is Django's own."""
    names = set()
    for superuser in (True, False):
        try:
            names |= set(Constant(cls, superuser).answer() or ())
        except TypeError:
            raise Inexpressible("it gives no list of names") from None
    return names


class Reading:
    """Follows one function of a ModelAdmin's class for one kind of user."""

    name = ""
    own = None
    """What Django's own gives."""

    def __init__(self, cls, superuser, after=None):
        self.cls, self.superuser = cls, superuser
        order = list(cls.__mro__)
        self.definer = next(one for one in order[order.index(after) + 1 if after else 0 :] if self.name in vars(one))
        self.known = {}

    def answer(self):
        if self.definer in ModelAdmin.__mro__:
            return self.own
        self.function = vars(self.definer)[self.name]
        tree = source.parse_function(self.function)
        if tree.decorator_list:
            raise Inexpressible("it is decorated")
        names, _ = source.signature(tree)
        if len(names) < 2:
            raise Inexpressible("it takes no request")
        self.self_name, self.request = names[:2]
        found = self.block(tree.body)
        if found is None:
            raise Inexpressible("it may end without a return")
        return found[0]

    def block(self, statements):
        """(what it returns,), or nothing where it goes on."""
        for statement in statements:
            if isinstance(statement, ast.Return) and statement.value is not None:
                return (self.value(statement.value),)
            if isinstance(statement, ast.If):
                found = self.block(statement.body if self.test(statement.test) else statement.orelse)
                if found:
                    return found
            elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                if not isinstance(statement.targets[0], ast.Name):
                    raise Inexpressible("it assigns to other than a name")
                self.known[statement.targets[0].id] = self.value(statement.value)
            elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                raise Inexpressible(f"it has a statement that is not read, in line {statement.lineno} of it")
        return None

    def value(self, node):
        if isinstance(node, ast.Name) and node.id in self.known:
            return self.known[node.id]
        if isinstance(node, ast.IfExp):
            return self.value(node.body if self.test(node.test) else node.orelse)
        if self.is_super_call(node):
            return self.again()
        return self.leaf(node)

    def again(self):
        return type(self)(self.cls, self.superuser, self.definer).answer()

    def is_super_call(self, node):
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == self.name
            and managers.is_super(node.func.value)
        )

    def test(self, node):
        """What a condition is for this kind of user."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return not self.test(node.operand)
        if isinstance(node, ast.BoolOp):
            every = all if isinstance(node.op, ast.And) else any
            return every([self.test(one) for one in node.values])
        if ast.unparse(node) == f"{self.request}.user.is_superuser":
            return self.superuser
        raise Inexpressible(f"it asks {ast.unparse(node)}")

    def leaf(self, node):
        raise NotImplementedError


class Permission(Reading):
    """has_view_permission. Who has no permission of Django's sees nothing anyway: super() is as good as True."""

    name = "has_view_permission"
    own = True

    def leaf(self, node):
        return node.value if isinstance(node, ast.Constant) and isinstance(node.value, bool) else self.test(node)

    def test(self, node):
        return self.again() if self.is_super_call(node) else super().test(node)


class Constant(Reading):
    name = "get_exclude"
    own = ()

    def leaf(self, node):
        try:
            return ast.literal_eval(node)
        except ValueError:
            raise Inexpressible(f"it gives {ast.unparse(node)}") from None


class Conditions:
    """A queryset of the model's rows, as the conditions that narrow it."""

    def __init__(self, conditions=(), many=0):
        self.conditions, self.many = tuple(conditions), many

    def narrowed(self, condition, many):
        # filter(a__x=1).filter(a__y=2) asks for two rows of `a`, one Q for one.
        if many and self.many:
            raise Inexpressible("it filters twice by related rows")
        return Conditions((*self.conditions, condition), self.many + many)


class Rows(Reading):
    name = "get_queryset"

    def __init__(self, model, cls, superuser, after=None):
        super().__init__(cls, superuser, after)
        self.model = model

    @property
    def own(self):
        return default_rows(self.model)

    def again(self):
        return Rows(self.model, self.cls, self.superuser, self.definer).answer()

    def leaf(self, node):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            raise Inexpressible(f"it gives {ast.unparse(node)}")
        return self.method(self.value(node.func.value), node)

    def method(self, found, node):
        name = node.func.attr
        if name in SAME_ROWS or (name == "distinct" and not node.args):
            return found
        if name == "none":
            return found.narrowed(NO_ROW, 0)
        if name not in ("filter", "exclude"):
            raise Inexpressible(f"it calls {name}()")
        call = ast.Call(func=ast.Name(id="Q", ctx=ast.Load()), args=node.args, keywords=node.keywords)
        many = self.check_paths(call)
        text = ast.unparse(self.resolved(Users(self).visit(call)))
        return found.narrowed(text if name == "filter" else f"~{text}", many)

    def resolved(self, call):
        """Q is the language's own here, whatever the site's module calls it."""
        inner = [source.resolve(self.function, argument, ["user"]) for argument in call.args]
        keywords = [ast.keyword(one.arg, source.resolve(self.function, one.value, ["user"])) for one in call.keywords]
        return ast.fix_missing_locations(ast.Call(func=call.func, args=inner, keywords=keywords))

    def check_paths(self, call):
        """Whether some path goes through many rows; that a user is compared with keys of users."""
        many = False
        for node in ast.walk(call):
            for keyword in getattr(node, "keywords", ()):
                if keyword.arg is None:
                    raise Inexpressible("it has keywords that are not written out")
                path, targets, rest = path_of(self.model, keyword.arg)
                many = many or any(step.m2m for step in path)
                if ast.unparse(keyword.value) == f"{self.request}.user":
                    users = get_user_model()._meta.concrete_model
                    whole = path and not rest and all(target.primary_key for target in targets)
                    if not whole or path[-1].to_opts.concrete_model is not users:
                        raise Inexpressible(f"{keyword.arg} is no key of a user")
        return int(many)


class Users(ast.NodeTransformer):
    """request.user in the words of the policy; nothing else of the request or of the ModelAdmin is known there."""

    def __init__(self, reading):
        self.user = f"{reading.request}.user"
        self.unknown = (reading.request, reading.self_name)
        self.words = {
            self.user: "user.id",
            f"{self.user}.pk": "user.id",
            f"{self.user}.id": "user.id",
            f"{self.user}.{get_user_model().USERNAME_FIELD}": "user.username",
        }

    def visit_Attribute(self, node):
        word = self.words.get(ast.unparse(node))
        if word:
            return ast.parse(word, mode="eval").body
        if ast.unparse(node.value) == self.user:
            raise Inexpressible(f"it asks for {ast.unparse(node)}")
        return self.generic_visit(node)

    def visit_Name(self, node):
        if node.id in self.unknown:
            raise Inexpressible(f"it uses other of {node.id} than who the user is")
        return node


def path_of(model, lookup):
    """(steps through relations, the fields at the end, the names after them)"""
    try:
        path, _, targets, rest = Query(model).names_to_path(lookup.split("__"), model._meta)
    except FieldError as error:
        raise Inexpressible(str(error)) from None
    return path, targets, rest


def default_rows(model):
    """What Django's own ModelAdmin shows: the rows of the default manager."""
    found = managers.describe(model._meta.default_manager, model)
    if found["kind"] == "plain":
        return Conditions()
    if found["kind"] == "opaque":
        raise Inexpressible(found["reason"])
    return OfManager(model).value(ast.parse(found["queryset"], mode="eval").body)


class OfManager(Rows):
    """The manifest's own expression over `self`: it stands in the language already."""

    request = self_name = "self"

    def __init__(self, model):
        self.model, self.known = model, {"self": Conditions()}

    def is_super_call(self, node):
        return False

    def resolved(self, call):
        return call
