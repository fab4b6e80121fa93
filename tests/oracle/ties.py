"""Makes what Django leaves open visible: where rows tie, their order is first this, then that.

Every query that is run, and every slice within one, gets its own output columns appended to its
ORDER BY: ascending in one run and descending in the other. Where Django promises a total order both
runs agree; where rows tie, or nothing is ordered, their groups come out reversed. A slice may cut both
groups alike; ANY order shows that.
"""

from __future__ import annotations

import contextlib
import itertools
from unittest import mock

from django.db.models.sql import compiler
from django.db.models.sql.constants import MULTI

_pre_sql_setup = compiler.SQLCompiler.pre_sql_setup
_get_qualify_sql = compiler.SQLCompiler.get_qualify_sql
_execute_sql = compiler.SQLCompiler.execute_sql


ANY = "ANY"


@contextlib.contextmanager
def broken(direction: str):
    """Ties broken by the output columns, `direction` being ASC or DESC, or in ANY order."""

    def positions(self, extra):
        if direction == ANY:  # by nothing else where only what is selected may be ordered by
            return [] if self.query.distinct or self.query.combinator else ["RANDOM()"]
        count = len(self.select) + len(extra)
        return [f"{index + 1} {direction}" for index in range(count)]

    def open_to_order(self):
        return getattr(self, "_is_run", False) or self.query.is_sliced

    def distinct_parts(self):
        parts, params = self.get_distinct()
        rest = itertools.chain.from_iterable(params)
        return [(part, [next(rest) for _ in range(part.count("%s"))]) for part in parts]

    def pre_sql_setup(self, with_col_aliases=False):
        extra, order_by, group_by = _pre_sql_setup(self, with_col_aliases=with_col_aliases)
        if open_to_order(self):
            if self._meta_ordering and group_by:  # as_sql() would leave out all of ORDER BY
                order_by, self._meta_ordering = [], None
            order_by = list(order_by)
            if self.query.distinct_fields and not order_by:
                order_by = [(None, (*part, True)) for part in distinct_parts(self)]
            order_by += [(None, (sql, (), True)) for sql in positions(self, extra)]
        return extra, order_by, group_by

    def get_qualify_sql(self):
        result, params = _get_qualify_sql(self)
        if open_to_order(self):
            glue = "," if self.get_order_by() else "ORDER BY"
            if order := positions(self, []):
                result.extend([glue, ", ".join(order)])
        return result, params

    def execute_sql(self, result_type=MULTI, *args, **kwargs):
        self._is_run = True
        return _execute_sql(self, result_type, *args, **kwargs)

    with mock.patch.multiple(
        compiler.SQLCompiler,
        pre_sql_setup=pre_sql_setup,
        get_qualify_sql=get_qualify_sql,
        execute_sql=execute_sql,
    ):
        yield
