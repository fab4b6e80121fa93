#!/usr/bin/env python3
"""docs/catalogue.md from compiler/catalog/*.def and the tables of compiler/eval.

usage: catalogue.py           rewrites the page
       catalogue.py --check   fails when it is not up to date
"""

import re
import sys

from page import ROOT, finish, rows, table

HEAD = """# Catalogue

<!-- Made by scripts/docs/catalogue.py from compiler/catalog/*.def and compiler/eval: do not edit. -->

What a snippet may use. What is not here does not exist for it; what Django has and `ormc` refuses is in
[refusals.md](refusals.md).
"""

OUTPUTS = {
    "kSources": "that of the arguments",
    "kFirst": "that of the first argument",
    "kGiven": "`output_field`",
    "kGivenOrSources": "`output_field`, or that of the argument",
    "kFloat": "float",
    "kInteger": "integer",
    "kNumeric": "as Django's NumericOutputFieldMixin",
    "kChar": "text",
    "kDate": "date",
    "kTime": "time",
    "kDateTime": "date and time",
    "kBoolean": "boolean",
    "kText": "text",
    "kJson": "JSON",
    "kUuid": "UUID",
    "kArrayOf": "an array of the argument",
    "kElement": "an element of the argument",
    "kRangeBound": "the bounds' type",
    "kTextArray": "an array of text",
    "kSearchVector": "search vector",
    "kSearchQuery": "search query",
}
CATALOG = "compiler/catalog"
# {"type or nothing", "name", "signature", function, "text"...}: a row of a table of builtins or methods
VALUE_ROW = re.compile(
    r'\{"([\w.]*)",\s*"([\w.]+)",\s*"([^"]*)",\s*[^"{}]+?,\s*((?:"[^"]*"\s*)+)[,}]'
)


def code(text):
    return f"`{text}`" if text else ""


def count(least, most):
    if most == "kMany":
        return f"{least} or more"
    return least if least == most else f"{least} to {most}"


def methods(kind):
    return ", ".join(
        code(f"{name}({parameters})")
        for _, name, what, parameters in rows(f"{CATALOG}/methods.def", "ORMC_METHOD")
        if what == kind
    )


def value_rows():
    """(type, name, signature, text) of what is computed on values, outside the database."""
    for path in sorted((ROOT / "compiler" / "eval").glob("*.cpp")):
        for of, name, signature, text in VALUE_ROW.findall(path.read_text()):
            if not name.startswith("operator."):  # made by the compiler for `+=`, never written
                yield of, name, signature, "".join(re.findall(r'"([^"]*)"', text))


def page():
    out = [HEAD]

    def section(title, *parts):
        out.append(f"\n## {title}\n\n" + "\n\n".join(part.rstrip("\n") for part in parts) + "\n")

    section(
        "Querysets and managers",
        f"Give a queryset: {methods('queryset')}.",
        f"End it: {methods('end')}.",
        "Slices, indexes, iteration, `len()`, `bool()`, and `|`, `&`, `^` of two querysets.",
        "The related rows of a query's rows (`customer.orders`) are fetched once for all of them, "
        "for `all()`, `filter()` and `exclude()` by what is the same for each row, `annotate()`, "
        "`alias()`, `distinct()`, `order_by()`, `reverse()`, `values()`, `values_list()`, "
        "`select_related()`, `prefetch_related()`, `only()` and `defer()`, and for a slice, an index, "
        "`count()`, `exists()`, `bool()`, `first()` and `last()` of these; so are those of a "
        "`Prefetch`, in part (`[:3]` with `to_attr`) or with windows too. Anything else "
        "(`aggregate()`, `get()`, `latest()`) runs once a row, up to the limit of queries: write an "
        "annotation instead.",
    )
    section(
        "Refused methods",
        table(
            ("method", "would send", "instead"),
            [
                (code(name), verb, hint)
                for name, verb, hint in rows(f"{CATALOG}/methods.def", "ORMC_REFUSED_METHOD")
            ],
        ),
    )
    section(
        "Lookups",
        "`unaccent`, `search` and `trigram_...` exist where `django.contrib.postgres` is installed, as in Django; "
        "`unaccent`, `trigram_...` and hstore need their extension in the database, too: without it the answer is "
        "[ORM619](diagnostics.md#statement-invalid).",
        table(
            ("lookup", "SQL", "with an expression"),
            [
                (code(f"__{name}"), code(sql), code(expression))
                for _, name, _, sql, expression in rows(f"{CATALOG}/lookups.def", "ORMC_LOOKUP")
            ],
        ),
    )
    functions = list(rows(f"{CATALOG}/functions.def", "ORMC_FUNCTION"))
    section(
        "Transforms",
        "Part of a path, before a lookup: `placed_at__year__gte=2026`.",
        table(
            ("transform", "function"),
            [(code(f"__{row[6]}"), code(row[0])) for row in functions if row[6]],
        ),
    )
    section(
        "Functions",
        table(
            ("function", "expressions", "output"),
            [
                (code(name), count(least, most), OUTPUTS[output])
                for name, shape, least, most, _, output, _ in functions
                if shape != "kWindow"
            ],
        ),
    )
    section(
        "Window functions",
        "Within `Window(..., partition_by=, order_by=, frame=)`, as the aggregates; frames are "
        "`RowRange` and `ValueRange`, their `exclusion=` is a `WindowFrameExclusion`.",
        table(
            ("function", "output"),
            [
                (code(name), OUTPUTS[output])
                for name, shape, _, _, _, output, _ in functions
                if shape == "kWindow"
            ],
        ),
    )
    section(
        "Aggregates",
        "All take `filter=`.",
        table(
            ("aggregate", "SQL", "`distinct=`", "`default=`", "output"),
            [
                (
                    code(name),
                    code(sql),
                    "yes" if distinct == "true" else "no",
                    "yes" if default == "true" else "no",
                    OUTPUTS[output],
                )
                for name, sql, distinct, default, output, _ in rows(
                    f"{CATALOG}/aggregates.def", "ORMC_AGGREGATE"
                )
            ]
            + [
                (
                    code(name),
                    code(sql + (" ORDER BY" if ordered == "true" else "")),
                    "yes" if distinct == "true" else "no",
                    "yes",
                    OUTPUTS[output],
                )
                for name, sql, distinct, output, _, ordered in rows(
                    f"{CATALOG}/aggregates.def", "ORMC_POSTGRES_AGGREGATE"
                )
            ],
        ),
    )
    values = list(value_rows())
    head = ("call", "gives")
    section(
        "Builtins",
        table(
            head,
            [
                (code(f"{name}({signature})"), text)
                for of, name, signature, text in values
                if not of
            ],
        ),
    )
    for kind in sorted({of for of, *_ in values if of}):
        section(
            f"Methods of {kind}",
            table(
                head,
                [
                    (code(f".{name}({signature})"), text)
                    for of, name, signature, text in values
                    if of == kind
                ],
            ),
        )
    return "".join(out)


if __name__ == "__main__":
    sys.exit(finish("catalogue.md", page()))
