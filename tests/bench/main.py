"""`make bench`: from snippet to SQL in ormc, against Django's own build and compile of the same.

CPU time, both in one run on one machine. Django's side gets its Python compiled beforehand; ours
includes the parser. There is no pass mark in microseconds: read the ratios.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

from snippets import SNIPPETS

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "build" / "bin" / "compile_bench"
DJANGO = [sys.executable, str(Path(__file__).with_name("django_side.py"))]
MANAGE = ROOT / "django_app" / "example" / "manage.py"


def run(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def prepare(folder: Path) -> list[str]:
    """Our command, with the example site's manifest and the snippets as files."""
    manifest, snippets = folder / "manifest.json", folder / "snippets.json"
    run(sys.executable, str(MANAGE), "ormc_manifest", "--output", str(manifest))
    whole = {name: f"result = {text}" for name, text in SNIPPETS.items()}
    snippets.write_text(json.dumps(whole))
    return [str(OURS), str(manifest), str(snippets)]


def geometric_mean(values: list[float]) -> float:
    return math.exp(sum(map(math.log, values)) / len(values))


def table(title: str, django: dict[str, float], ours: dict[str, dict]) -> None:
    print(f"\n{title}: microseconds of CPU time")
    parts = "parse" in next(iter(ours.values()))
    heads = ["Django", "ormc", "ratio"] + (["parse", "verify"] if parts else [])
    print(f"{'snippet':<14}{'chars':>6}" + "".join(f"{head:>9}" for head in heads))
    ratios = {name: django[name] / ours[name]["compile"] for name in SNIPPETS}
    for name, text in SNIPPETS.items():
        row = f"{name:<14}{len(text):>6}{django[name] / 1e3:>9.1f}"
        row += f"{ours[name]['compile'] / 1e3:>9.1f}{ratios[name]:>8.1f}x"
        if parts:
            row += "".join(f"{ours[name][part] / 1e3:>9.1f}" for part in ("parse", "verify"))
        print(row)
    worst = min(ratios, key=ratios.get)
    print(
        f"{title}: geometric mean {geometric_mean(list(ratios.values())):.1f} times Django, "
        f"worst {ratios[worst]:.1f} ({worst})"
    )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ormc-bench-") as folder:
        ours = prepare(Path(folder))
        table("warm", json.loads(run(*DJANGO)), json.loads(run(*ours)))
        cold_django = {name: float(run(*DJANGO, "--cold", name)) for name in SNIPPETS}
        cold_ours = {name: {"compile": float(run(*ours, name))} for name in SNIPPETS}
        table("cold (first in its process)", cold_django, cold_ours)


if __name__ == "__main__":
    main()
