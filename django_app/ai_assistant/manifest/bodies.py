"""A function's statements as the one expression that it returns.

Branches become conditional expressions, a name that is assigned becomes what it stands for, and a loop that only
appends to a list, adds to a number or looks for a row becomes a comprehension. What is computed and might raise has to
be needed for whatever is returned, so that nothing raises in Python and not in the expression.
"""

import ast
import copy
from dataclasses import dataclass, field

from .expressions import Inexpressible

MOST_NODES = 2_000
"""Of an expression: a name is written out wherever it stands, and what follows a branch once for each way."""
MOST_STATEMENTS = 60
LAZY = frozenset(
    """
    all filter exclude annotate alias order_by reverse distinct values values_list select_related prefetch_related
    only defer none using
    """.split()
)
CHANGEABLE = (ast.List, ast.ListComp, ast.Set, ast.SetComp, ast.Dict, ast.DictComp)
CLOCK = frozenset(
    """
    timezone.now timezone.localdate timezone.localtime timezone.now().date timezone.localtime().date
    date.today datetime.date.today datetime.now datetime.today datetime.datetime.now datetime.datetime.today
    datetime.now().date
    """.split()
)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def expression_of(tree, plain=frozenset()):
    """What the function returns; `plain` are the attributes of its first argument that are there without code."""
    body = list(tree.body)
    if is_docstring(body[0]):
        body = body[1:]
    if sum(isinstance(node, ast.stmt) for node in ast.walk(tree)) > MOST_STATEMENTS:
        raise Inexpressible("it has too many statements")
    arguments = [argument.arg for argument in tree.args.args]
    own = assigned_in(tree)
    check_names(tree, own | set(arguments))
    return Body(arguments[0] if arguments else "", plain, own - set(arguments)).run(body, {})


def is_docstring(statement):
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def assigned_in(tree):
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            for target in getattr(node, "targets", None) or [node.target]:
                found |= names_in(target)
    return found


def check_names(tree, assigned):
    """The names of a loop or a comprehension are its own: elsewhere in the function they stand for nothing."""
    within = set()
    for node in ast.walk(tree):
        within |= bound_by(node)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            assigned = assigned | {name.asname or name.name.partition(".")[0] for name in node.names}
    twice = sorted(within & assigned) or sorted(loaded_outside(tree, within, frozenset()))
    if twice:
        raise Inexpressible(f"{twice[0]} means two things in it")


def names_in(node):
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def bound_by(node):
    if isinstance(node, ast.For):
        return names_in(node.target)
    if isinstance(node, COMPREHENSIONS):
        return set().union(*(names_in(one.target) for one in node.generators))
    return set()


def loaded_outside(node, names, inside):
    """Those of `names` that are read outside of all that binds them."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return {node.id} & names - inside
    inside = inside | bound_by(node)
    return set().union(*(loaded_outside(child, names, inside) for child in ast.iter_child_nodes(node)))


@dataclass
class Body:
    first: str
    plain: frozenset
    own: set
    """The names that it assigns: no name of the module is meant by them."""
    assigned: int = field(default=0)

    def run(self, statements, known):
        """The value that these statements return, with what the names before them stand for."""
        if not statements:
            return ast.Constant(None)
        statement, rest = statements[0], statements[1:]
        if isinstance(statement, ast.Return):
            return self.written(statement.value or ast.Constant(None), known)
        if isinstance(statement, ast.If):
            return limited(
                ast.IfExp(
                    test=self.written(statement.test, known),
                    body=self.run([*statement.body, *rest], known),
                    orelse=self.run([*statement.orelse, *rest], known),
                )
            )
        if isinstance(statement, (ast.Import, ast.ImportFrom, ast.Pass)):
            return self.run(rest, known)  # source.imported()
        if searches(statement):
            return self.search(statement, rest, known)
        name, value = self.assignment(statement, known)
        return self.with_name(name, value, rest, known)

    def with_name(self, name, value, rest, known):
        self.assigned += 1
        number = self.assigned
        value.assigned = {*getattr(value, "assigned", ()), number}
        found = self.run(rest, {**known, name: value})
        if self.may_raise(value) and not needs(found, number):
            raise Inexpressible(f"{name} is computed where it may not be needed")
        return found

    def assignment(self, statement, known):
        """(name, what it stands for from here on)"""
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            return name_of(statement.targets[0]), self.written(statement.value, known)
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            return name_of(statement.target), self.written(statement.value, known)
        if isinstance(statement, ast.AugAssign):
            name = name_of(statement.target)
            if any(isinstance(one, CHANGEABLE) for one in (known.get(name), statement.value)):
                raise Inexpressible(f"it changes {name} in place")
            left = self.written(ast.Name(id=name, ctx=ast.Load()), known)
            return name, limited(ast.BinOp(left=left, op=statement.op, right=self.written(statement.value, known)))
        if isinstance(statement, ast.For) and not statement.orelse:
            return self.loop(statement, known)
        raise Inexpressible(f"it holds `{type(statement).__name__.lower()}`, which is not read")

    def search(self, statement, rest, known):
        """`for x in rows: if x.late: return True` and what follows, as `True if any(...) else ...`."""
        inner = statement.body[0]
        return limited(
            ast.IfExp(
                test=ast.Call(
                    func=ast.Name(id="any", ctx=ast.Load()),
                    args=[
                        ast.GeneratorExp(
                            elt=self.written(inner.test, known),
                            generators=[self.over(statement, [], known)],
                        )
                    ],
                    keywords=[],
                ),
                body=inner.body[0].value or ast.Constant(None),
                orelse=self.run(rest, known),
            )
        )

    def loop(self, statement, known):
        """`for x in rows: names.append(x.name)` as `[x.name for x in rows]`, `n += x.n` as `sum([...], n)`."""
        name = fed_by(statement)
        start = known.get(name)
        adds = is_number(start)
        if not adds and not (isinstance(start, ast.List) and not start.elts):
            raise Inexpressible(f"it adds to {name}, which is no new list and no number that is written there")
        if not adds and any(holds(value, start.assigned) for key, value in known.items() if key != name):
            raise Inexpressible(f"it appends to {name}, which has another name too")
        inside = {key: value for key, value in known.items() if key != name}
        conditions, element = self.gathered(statement.body, ast.AugAssign if adds else ast.Expr, inside)
        gathered = ast.ListComp(elt=element, generators=[self.over(statement, conditions, inside)])
        if adds:
            gathered = ast.Call(func=ast.Name(id="sum", ctx=ast.Load()), args=[gathered, start], keywords=[])
        return name, limited(gathered)

    def over(self, statement, conditions, known):
        return ast.comprehension(
            target=statement.target, iter=self.written(statement.iter, known), ifs=conditions, is_async=0
        )

    def gathered(self, statements, kind, known):
        """(conditions, element) of a loop's body."""
        first, rest = (statements[0], statements[1:]) if statements else (None, [])
        if isinstance(first, ast.If):
            test = self.written(first.test, known)
            if len(first.body) == 1 and isinstance(first.body[0], ast.Continue) and not first.orelse:
                conditions, element = self.gathered(rest, kind, known)
                return [ast.UnaryOp(op=ast.Not(), operand=test), *conditions], element
            if not rest and not first.orelse:
                conditions, element = self.gathered(first.body, kind, known)
                return [test, *conditions], element
            ways = [self.gathered(way, kind, known) for way in (first.body, first.orelse) if way and not rest]
            if len(ways) == 2 and not any(conditions for conditions, _ in ways):
                return [], limited(ast.IfExp(test=test, body=ways[0][1], orelse=ways[1][1]))
        if isinstance(first, kind) and not rest:
            value = first.value if kind is ast.AugAssign else first.value.args[0]
            return [], self.written(value, known)
        raise Inexpressible("it holds a loop that does more than append to a list or add to a number")

    def may_raise(self, node):
        """False for what is a value as it stands, and for a queryset that nobody has asked for its rows."""
        if isinstance(node, (ast.Constant, ast.Name)):
            return False
        if isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id == self.first
            return not (own and (node.attr in self.plain or node.attr == "pk"))
        if isinstance(node, (ast.BoolOp, ast.List, ast.Tuple)):
            return any(map(self.may_raise, getattr(node, "values", getattr(node, "elts", ()))))
        if isinstance(node, ast.IfExp):
            return any(map(self.may_raise, (node.test, node.body, node.orelse)))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.may_raise(node.operand)
        if isinstance(node, ast.Compare) and all(
            isinstance(op, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)) for op in node.ops
        ):
            return any(map(self.may_raise, (node.left, *node.comparators)))
        return not (self.is_lazy(node) or is_moment(node))

    def is_lazy(self, node):
        """`self.filter(...)`, `Order.objects.filter(...)`, `self.orders.all()`: nothing is asked of the database."""
        calls = 0
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LAZY:
            if any(map(self.raises_within, [*node.args, *(one.value for one in node.keywords)])):
                return False
            calls += 1
            node = node.func.value
        while isinstance(node, ast.Attribute):
            node = node.value
        return calls > 0 and isinstance(node, ast.Name) and (node.id == self.first or node.id[:1].isupper())

    def raises_within(self, node):
        """As may_raise, of an argument: what is made of expressions of the database is one."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id[:1].isupper():
            return any(map(self.raises_within, [*node.args, *(one.value for one in node.keywords)]))
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
            return self.raises_within(node.left) or self.raises_within(node.right)
        if isinstance(node, ast.UnaryOp):
            return self.raises_within(node.operand)
        return self.may_raise(node)

    def written(self, node, known):
        return limited(_Written(known, self.own).visit(copy.deepcopy(node)))


def holds(node, numbers):
    return any(numbers & getattr(one, "assigned", set()) for one in ast.walk(node))


def needs(node, number):
    """Is what was assigned under this number evaluated, whatever way the expression takes?"""
    if number in getattr(node, "assigned", ()):
        return True
    if isinstance(node, ast.IfExp):
        return needs(node.test, number) or (needs(node.body, number) and needs(node.orelse, number))
    if isinstance(node, ast.BoolOp):
        return needs(node.values[0], number)
    if isinstance(node, ast.Compare):
        return needs(node.left, number) or needs(node.comparators[0], number)
    if isinstance(node, COMPREHENSIONS):
        return needs(node.generators[0].iter, number)
    return any(needs(child, number) for child in ast.iter_child_nodes(node))


def is_moment(node):
    """`timezone.now() - timedelta(days=30)`: the time of day, moved by what is written there."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        return is_moment(node.left) and is_duration(node.right)
    return isinstance(node, ast.Call) and not node.args and not node.keywords and ast.unparse(node.func) in CLOCK


def is_duration(node):
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("timedelta", "datetime.timedelta", "timezone.timedelta")
        and not node.args
        and all(
            one.arg
            and isinstance(one.value, ast.Constant)
            and type(one.value.value) is int
            and one.value.value <= 10_000
            for one in node.keywords
        )
    )


def is_number(node):
    """`0`, `Decimal("0")`."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        return ast.unparse(node.func) in ("Decimal", "decimal.Decimal") and isinstance(node.args[0], ast.Constant)
    return isinstance(node, ast.Constant) and type(node.value) is int


def searches(statement):
    """Is it a loop that returns a constant at the first row of which something holds?"""
    inner = statement.body[0] if isinstance(statement, ast.For) and len(statement.body) == 1 else None
    return (
        isinstance(inner, ast.If)
        and not (statement.orelse or inner.orelse)
        and len(inner.body) == 1
        and isinstance(inner.body[0], ast.Return)
        and isinstance(inner.body[0].value, (ast.Constant, type(None)))
    )


def fed_by(statement):
    """The one name that a loop appends to or adds to."""
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Expr):
            names.add(appended_to(node.value))
        if isinstance(node, ast.AugAssign):
            names.add(name_of(node.target) if isinstance(node.op, ast.Add) else "")
    if len(names) != 1 or "" in names:
        raise Inexpressible("it holds a loop that does more than append to a list or add to a number")
    return names.pop()


def appended_to(node):
    plain = isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords
    target = node.func if plain and isinstance(node.func, ast.Attribute) and node.func.attr == "append" else None
    return target.value.id if target and isinstance(target.value, ast.Name) else ""


def name_of(target):
    if not isinstance(target, ast.Name):
        raise Inexpressible("it assigns to other than a name")
    return target.id


class _Written(ast.NodeTransformer):
    def __init__(self, known, own):
        self.known, self.own = known, own

    def visit_Name(self, node):
        if not isinstance(node.ctx, ast.Load):
            return node
        if node.id in self.known:
            return copy.deepcopy(self.known[node.id])
        if node.id in self.own:
            raise Inexpressible(f"{node.id} may not be assigned where it is used")
        return node


def limited(node):
    if sum(1 for _ in ast.walk(node)) > MOST_NODES:
        raise Inexpressible("as one expression it is too long")
    return node
