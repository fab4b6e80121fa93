"""The oracle's own tests: python -m unittest discover -s tests/oracle -p 'test_*.py'"""

import ast
import unittest

from cases import Case, read_all
from compare import Difference, Indeterminate, compare_answers, tie_groups
from encode import Bag, Shown
from shrink import smaller


class Ties(unittest.TestCase):
    def test_groups_are_the_runs_that_come_out_reversed(self):
        a, b = [1, 2, 3, 4, 5], [2, 1, 3, 5, 4]
        self.assertEqual(tie_groups(a, b, ordered=True), [(0, 2), (2, 3), (3, 5)])

    def test_any_order_within_a_group(self):
        compare_answers([1, 2, 3], [2, 1, 3], {"result": [2, 1, 3]})

    def test_no_order_across_groups(self):
        with self.assertRaises(Difference):
            compare_answers([1, 2, 3], [2, 1, 3], {"result": [3, 2, 1]})

    def test_a_total_order_is_kept(self):
        with self.assertRaises(Difference):
            compare_answers([1, 2], [1, 2], {"result": [2, 1]})

    def test_rows_are_not_sets(self):
        with self.assertRaises(Difference):
            compare_answers([[1, 2], [3, 4]], [[3, 4], [1, 2]], {"result": [[2, 1], [3, 4]]})

    def test_sets_have_no_order(self):
        compare_answers(Bag([1, 2]), Bag([1, 2]), {"result": [2, 1]})

    def test_ties_that_decide_are_open(self):
        with self.assertRaises(Indeterminate):
            compare_answers("a", "b", {"result": "a"})


class Values(unittest.TestCase):
    def different(self, django, ours):
        with self.assertRaises(Difference):
            compare_answers(django, django, {"result": ours})

    def test_types_differ(self):
        self.different(1, 1.0)
        self.different(1, True)
        self.different("1", 1)
        self.different(None, 0)

    def test_order_of_keys(self):
        self.different({"a": 1, "b": 2}, {"b": 2, "a": 1})

    def test_duplicates_count(self):
        self.different([1, 1], [1])

    def test_sums_of_floats_may_differ_in_the_last_digit(self):
        compare_answers(0.1 + 0.2, 0.1 + 0.2, {"result": 0.3})

    def test_a_long_queryset_is_truncated(self):
        rows = Shown(range(300))
        compare_answers(rows, rows, {"result": list(range(100)), "truncated": True})
        self.different(rows, list(range(300)))

    def test_what_is_shown_is_the_beginning(self):
        rows = Shown(range(300))
        with self.assertRaises(Difference):
            compare_answers(rows, rows, {"result": list(range(1, 101)), "truncated": True})


class Files(unittest.TestCase):
    def test_every_case_parses_or_says_that_it_raises(self):
        for case in read_all():
            if "raises" not in case.tags:
                ast.parse(case.snippet, case.id)

    def test_shrinking_offers_the_parts(self):
        tree = ast.parse("result = A.objects.filter(b=1, c=2).count()")
        texts = {ast.unparse(ast.fix_missing_locations(t)) for t in smaller(tree)}
        self.assertIn("result = A.objects.filter(c=2).count()", texts)
        self.assertIn("result = A.objects.filter(b=1, c=2)", texts)
        self.assertIn("result = A.objects.count()", texts)

    def test_a_case_is_a_line(self):
        self.assertNotIn("\n", Case("a", "x = 1\nresult = x\n").line())


if __name__ == "__main__":
    unittest.main()
