"""How the time grows: with the snippet's size and with the manifest's."""

from __future__ import annotations

import copy
import json
import math
import statistics
import subprocess
import sys
from pathlib import Path

from cases import NOW, ZONE
from sides import BINARIES, Side, cpu_of, ormc

# A snippet is HEAD, then n times PART ({} is its number) with GLUE between, then TAIL; the last column
# is how many parts the limits allow (compiler/base/limits.h).
FAMILIES: dict[str, tuple[str, str, str, str, int]] = {
    "a + b + ...": ("Order.objects.annotate(x=F('total') + ", "{}", " + ", ").filter(x=1)", 512),
    "Q | Q | ...": ("Order.objects.filter(", "Q(total__gt={})", " | ", ")", 256),
    "~Q(~Q(...))": ("Order.objects.filter(", "~Q(", "", "total=1", 16),
    "arguments": ("Order.objects.filter(", "Q(total={})", ", ", ")", 256),
    ".filter().filter()": ("Order.objects", ".filter(total__gt={})", "", "", 256),
    "annotate(...)": ("Order.objects.annotate(", "a{}=F('total') + 1", ", ", ")", 256),
    "aggregate(...)": ("Order.objects.aggregate(", "a{}=Sum('total')", ", ", ")", 256),
    "values(...)": ("Order.objects.annotate(", "a{}=Upper('status')", ", ", ").values()", 256),
    "in [...]": ("Order.objects.filter(pk__in=[", "{}", ", ", "])", 2048),
    "assignments": ("a = 0\n", "a = a + {}\n", "", "result = Order.objects.filter(pk=a)", 512),
}
MODELS = [67, 125, 250, 500, 1000, 2000]
# What is compiled against each manifest.
BASKET = [
    "User.objects.count()",
    "Order.objects.filter(customer__city='Berlin').order_by('-total')[:10]",
    "Customer.objects.annotate(n=Count('orders')).filter(n__gte=3).order_by('-n')",
    "Customer.objects.filter(Exists(Order.objects.filter(customer=OuterRef('pk'))))",
]
PROCESSES = 11
ROUNDS = 5  # the least of so many medians: a growth needs times that nothing disturbed
LINEAR = 1.25  # an exponent above it is shown as a defect


def snippet_of(family: str, n: int) -> str:
    head, part, glue, tail, _ = FAMILIES[family]
    text = head + glue.join(part.format(i) for i in range(n)) + tail
    return text + ")" * (text.count("(") - text.count(")"))


def case(snippet: str) -> dict:
    if "result = " not in snippet:
        snippet = f"result = {snippet}"
    return {"snippet": snippet + "\n", "now": NOW, "tz": ZONE}


def exponent(points: list[tuple[int, float]]) -> float:
    """Of the growth over the last two doublings: 1 is linear, 2 quadratic."""
    (n0, t0), (n1, t1) = points[-3], points[-1]
    return math.log(t1 / t0) / math.log(n1 / n0)


def least(side: Side, snippet: str) -> float:
    answers = [side.ask(case(snippet)) for _ in range(ROUNDS)]
    if "refused" in answers[0]:
        raise SystemExit(f"{answers[0]['refused']}: {snippet[:80]}")
    return min(answer["warm"] for answer in answers)


def of_snippets(manifest: Path) -> dict[str, list[tuple[int, float]]]:
    """Nanoseconds by number of parts."""
    found: dict[str, list[tuple[int, float]]] = {}
    with ormc(manifest) as side:
        for name, (*_, most) in FAMILIES.items():
            found[name] = []
            n = most // 16
            while n <= most:
                found[name].append((n, least(side, snippet_of(name, n))))
                n *= 2
    return found


def enlarged(manifest: dict, models: int) -> dict:
    """The site's own models again and again, under other names, until there are so many."""
    contrib = {app["label"] for app in manifest["apps"] if app["contrib"]}
    own = [model for model in manifest["models"] if model["app"] not in contrib]
    labels = {model["label"] for model in own}
    grown = {**manifest, "models": list(manifest["models"])}
    number = 1
    while len(grown["models"]) < models:
        number += 1
        for model in own[: models - len(grown["models"])]:
            grown["models"].append(_renamed(model, labels, number))
    known = {model["label"] for model in grown["models"]}
    return _without_strangers(grown, known)


def _renamed(part, labels: set[str], number: int):
    """A copy in which every model of `labels` has a number behind its name."""
    if isinstance(part, str):
        return f"{part}{number}" if part in labels else part
    if isinstance(part, list):
        return [_renamed(item, labels, number) for item in part]
    if not isinstance(part, dict):
        return part
    copied = {key: _renamed(item, labels, number) for key, item in part.items()}
    if part.get("label") in labels:
        copied["name"] = f"{part['name']}{number}"
    return copied


def _without_strangers(manifest: dict, known: set[str]) -> dict:
    """The last copy may be cut short: what points at a model that is not there goes."""
    manifest = copy.deepcopy(manifest)
    while True:
        kept = [model for model in manifest["models"] if _targets(model) <= known]
        if len(kept) == len(manifest["models"]):
            break
        manifest["models"] = kept
        known = {model["label"] for model in kept}
    for model in manifest["models"]:
        model["reverse"] = [item for item in model["reverse"] if item["model"] in known]
    return manifest


def _targets(model: dict) -> set[str]:
    found = {parent["model"] for parent in model.get("parents", [])}
    for field in model["fields"]:
        relation = field.get("relation") or {}
        found |= {relation[key] for key in ("to", "through") if relation.get(key)}
        found |= {field["model"]} if field.get("model") else set()
    return found


def of_manifests(manifest: Path, folder: Path) -> list[dict]:
    """By number of models: nanoseconds to load, to make a user's view, to compile the basket, and
    seconds of `ormc --explain` as a process beside a bare `python -c pass`."""
    small = json.loads(manifest.read_text())
    snippet = folder / "snippet.py"
    snippet.write_text(case(BASKET[1])["snippet"])
    rows = []
    for models in MODELS:
        grown = enlarged(small, models)
        file = folder / f"manifest-{models}.json"
        file.write_text(json.dumps(grown, separators=(",", ":")))  # as the exporter writes it
        site = subprocess.run(
            [str(BINARIES / "compile_bench"), str(file), "--site"],
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
        with ormc(file) as side:
            basket = sum(least(side, text) for text in BASKET)
        explain, python = [], []
        for _ in range(PROCESSES):
            explain.append(cpu_of(BINARIES / "ormc", "--manifest", file, "--explain", snippet))
            python.append(cpu_of(sys.executable, "-c", "pass"))
        rows.append(
            {
                "models": len(grown["models"]),
                "bytes": file.stat().st_size,
                **json.loads(site),
                "basket": basket,
                "explain": statistics.median(explain),
                "python": statistics.median(python),
            }
        )
    return rows


def show(snippets: dict[str, list[tuple[int, float]]], manifests: list[dict]) -> None:
    print("\ngrowth with the snippet: microseconds by number of parts")
    for name, points in snippets.items():
        power = exponent(points)
        shown = "  ".join(f"{n}: {time / 1e3:.0f}" for n, time in points)
        print(f"  {name:<20} n^{power:.2f}{' !' if power > LINEAR else '  '}  {shown}")
    print("\ngrowth with the manifest: microseconds; processes in milliseconds of CPU time")
    heads = ("models", "MB", "load", "policy", "view", "4 snippets", "--explain", "python -c pass")
    print("  " + "".join(f"{head:>15}" for head in heads))
    for row in manifests:
        cells = (
            f"{row['models']}",
            f"{row['bytes'] / 1e6:.2f}",
            f"{row['load'] / 1e3:.0f}",
            f"{row['policy'] / 1e3:.0f}",
            f"{row['view'] / 1e3:.1f}",
            f"{row['basket'] / 1e3:.0f}",
            f"{row['explain'] * 1e3:.1f}",
            f"{row['python'] * 1e3:.1f}",
        )
        print("  " + "".join(f"{cell:>15}" for cell in cells))
