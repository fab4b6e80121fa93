"""Every public read-only construct of Django is known to ormc, or refused under an id.

    catalogue_gap.py [--ormc FILE]      exit 1 on a name that ormc does not know and
                                        catalogue_gap.txt does not list

Asked is ormc itself, over the manifest of a model that has a field of each class: a class by its
name, a method of querysets by a call, a lookup or transform by a condition on each field that
Django registers it for.  "Known" is whatever is not `unknown-name`, `-method` or `-lookup`.
"""

from __future__ import annotations

import argparse
import inspect
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
LISTED = Path(__file__).with_suffix(".txt")
UNKNOWN = {"unknown-name", "unknown-method", "unknown-lookup", "unknown-attribute"}
# Parts of Django's machinery that are public by their spelling only.
MACHINERY = re.compile(
    r"(Mixin|Base|Lookup|Lookup.*|Exact|Combinable)$"
    r"|^(Func|Transform|Expression|CombinedExpression|Col|ColPairs|Ref|Star|RawSQL|BaseExpression"
    r"|ExpressionList|OrderBy|OrderByList|ResolvedOuterRef|NegatedExpression|DurationExpression"
    r"|TemporalSubtraction|Sliced|DatabaseDefault|SearchConfig|WindowFrame|Aggregate|ConcatPair"
    r"|StatAggregate|Integer(Field|Greater|Less)\w+|UUID\w+|Year\w+|CombinedSearch\w+|BuiltinLookup)$"
)


def configure() -> None:
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "ai_assistant"],
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "none"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    sys.path.insert(0, str(ROOT / "django_app"))
    django.setup()


def field_classes() -> dict[str, type]:
    from django.contrib.postgres import fields as postgres
    from django.contrib.postgres.search import SearchVectorField
    from django.db import models

    found = {"SearchVectorField": SearchVectorField}
    for module in (models, postgres):
        for name, thing in inspect.getmembers(module, inspect.isclass):
            if issubclass(thing, models.Field) and not name.startswith("_"):
                found[name] = thing
    abstract = "Field RangeField ContinuousRangeField DateTimeRangeField_ CompositePrimaryKey"
    relations = "ForeignKey ForeignObject OneToOneField ManyToManyField OrderWrt GeneratedField"
    dead = "NullBooleanField IPAddressField CommaSeparatedIntegerField CICharField CIEmailField"
    return {
        name: thing
        for name, thing in sorted(found.items())
        if name not in f"{abstract} {relations} {dead} CITextField JSONField_".split()
        and "AutoField" not in name
    }


def everything() -> type:
    """A model with a field of each class."""
    from django.db import models

    body = {"__module__": "ai_assistant.models", "Meta": type("Meta", (), {"app_label": "auth"})}
    given = {"DecimalField": {"max_digits": 9, "decimal_places": 2}}
    for name, thing in field_classes().items():
        arguments = dict(given.get(name, {}))
        if name == "ArrayField":
            arguments["base_field"] = models.IntegerField()
        if name in ("CharField", "SlugField", "FilePathField"):
            arguments["max_length"] = 9
        body[f"a_{name.lower()}"] = thing(**arguments)
    return type("Everything", (models.Model,), body)


def class_names() -> Iterator[str]:
    from django.contrib.postgres import aggregates, expressions, functions, search
    from django.db import models
    from django.db.models import functions as database_functions
    from django.db.models import lookups

    kinds = (models.expressions.BaseExpression, lookups.Lookup, models.F)
    modules = (models.aggregates, models.expressions, database_functions, lookups)
    for module in (*modules, aggregates, expressions, functions, search):
        for name, thing in inspect.getmembers(module, inspect.isclass):
            if not issubclass(thing, kinds) or not thing.__module__.startswith("django."):
                continue
            if not name.startswith("_") and not MACHINERY.search(name):
                yield name
    yield from ("Q", "FilteredRelation", "Prefetch", "KT")


def method_names() -> Iterator[str]:
    from django.db.models import QuerySet

    for name, thing in inspect.getmembers(QuerySet):
        method = callable(thing) and not inspect.isclass(thing) and not name.startswith("_")
        if method and name not in ("as_manager", "resolve_expression"):
            yield name


def questions(model: type) -> Iterator[tuple[str, str]]:
    for name in dict.fromkeys(class_names()):
        yield f"class {name}", f"result = {name}"
    for name in method_names():
        yield f"method {name}", f"result = Everything.objects.{name}()"
    for one in model._meta.fields:
        if one.name.startswith("a_"):
            for lookup in sorted(one.get_lookups()):
                path = f"{one.name}__{lookup}"
                yield (
                    f"lookup {type(one).__name__}.{lookup}",
                    (f"result = Everything.objects.filter({path}=None)"),
                )


def unknown_to(ormc: Path, model: type) -> list[str]:
    from ai_assistant import manifest

    asked = dict(questions(model))
    with tempfile.TemporaryDirectory() as folder:
        site, batch = Path(folder) / "manifest.json", Path(folder) / "batch.ndjson"
        site.write_text(manifest.written(manifest.build()))
        lines = (json.dumps({"id": key, "snippet": text}) for key, text in asked.items())
        batch.write_text("\n".join(lines) + "\n")
        command = [str(ormc), "--manifest", str(site), "--batch", "--check", str(batch)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = []
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        if any(d.get("name") in UNKNOWN for d in answer.get("diagnostics", [])):
            found.append(answer["id"])
    return found


def listed() -> dict[str, str]:
    """{construct: refusal id} of catalogue_gap.txt."""
    lines = (line.split("#")[0].split() for line in LISTED.read_text().splitlines())
    return {" ".join(words[:2]): words[2] for words in lines if words}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ormc", type=Path, default=ROOT / "build" / "bin" / "ormc")
    options = parser.parse_args()
    configure()
    model = everything()
    unknown = unknown_to(options.ormc, model)
    refused = listed()
    ids = set(re.findall(r"^## (\S+)", (ROOT / "docs" / "refusals.md").read_text(), re.M))
    gaps = [name for name in unknown if name not in refused]
    for name in gaps:
        print(f"gap: {name}")
    wrong = sorted({reason for reason in refused.values() if reason not in ids})
    for reason in wrong:
        print(f"catalogue_gap.txt: docs/refusals.md has no `{reason}`")
    for name in sorted(set(refused) - set(unknown)):
        print(f"catalogue_gap.txt: ormc knows `{name}` now: take it off the list")
    total = len(dict(questions(model)))
    print(f"{total} constructs of Django, {len(refused)} refused, {len(gaps)} gaps")
    return 1 if gaps or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
