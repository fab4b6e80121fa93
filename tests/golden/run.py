#!/usr/bin/env python3
"""Golden files: a snippet and, below it, what the real program answers in each mode.

    #: modes check sql            which modes to run; `ast`, `check`, `explain`, `sql`, `bound`, `plan`,
                                  `program` run ormc, `syntax` runs the parser alone (default: check)
    #: manifest shop              tests/data/shop_manifest.json; policy, user likewise; now, tz, format as for ormc
    #: escaped yes                the snippet is written with Python's escapes (bytes that an editor would mend)
    result = Order.objects.count()
    #> check exit 0
    ...what it printed, standard error first...
    #> sql exit 0
    ...

usage: run.py BIN_FOLDER [--update] [--coverage LOW-HIGH] [FILE...]

--update rewrites the answers (`make golden-update`): review the diff.
--coverage also fails where a diagnostic with a code in the range is triggered by no golden.
"""

import argparse
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = ROOT / "tests" / "data"
KINDS = ROOT / "compiler" / "diagnostics" / "kinds.def"
EMITS = ("ast", "bound", "plan", "sql", "program", "gbnf", "lark")
FILES = ("manifest", "policy", "user")


class Golden:
    def __init__(self, path):
        self.path = path
        self.options = {}
        self.answers = {}
        head, snippet, current = [], [], None
        for line in path.read_bytes().decode().split("\n"):
            if line.startswith("#> "):
                current = line[3:]
                self.answers[current] = []
            elif current is not None:
                self.answers[current].append(line)
            elif line.startswith("#: ") and not snippet:
                head.append(line)
                key, _, value = line[3:].partition(" ")
                self.options[key] = value.strip()
            else:
                snippet.append(line)
        self.head = head
        self.snippet = "\n".join(snippet)
        self.modes = self.options.get("modes", "check").split()

    def source(self):
        text = (
            self.snippet if self.snippet.endswith("\n") or not self.snippet else self.snippet + "\n"
        )
        if "escaped" in self.options:
            return text.rstrip("\n").encode("latin-1").decode("unicode_escape").encode("latin-1")
        return text.encode()

    def command(self, mode, binaries, file):
        if mode == "syntax":
            return [str(binaries / "ast_dump"), file]
        command = [str(binaries / "ormc")]
        for key in FILES:
            if key in self.options:
                command += [f"--{key}", str(DATA / f"{self.options[key]}_{key}.json")]
        for key in ("now", "tz", "max-rows", "format"):
            if key in self.options:
                command += [f"--{key}", self.options[key]]
        return [*command, *(["--emit", mode] if mode in EMITS else [f"--{mode}"]), file]

    def run(self, binaries):
        """The text that this file should have."""
        parts = [*self.head, self.snippet]
        if not self.snippet.endswith("\n"):
            parts.append("")
        text = "\n".join(parts)
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "snippet.py").write_bytes(self.source())
            for mode in self.modes:
                done = subprocess.run(
                    self.command(mode, binaries, "snippet.py"),
                    cwd=folder,
                    capture_output=True,
                    timeout=60,
                    check=False,
                )
                shown = (done.stderr + done.stdout).decode(errors="backslashreplace")
                text += f"#> {mode} exit {done.returncode}\n{shown}"
                text += "" if shown.endswith("\n") or not shown else "\n"
        return text


def needs(golden):
    return {"ast_dump" if mode == "syntax" else "ormc" for mode in golden.modes}


def kinds(low, high):
    rows = re.findall(r'^ORMC_DIAGNOSTIC\(\w+, (\d+), "([^"]+)"', KINDS.read_text(), re.MULTILINE)
    return {int(code): name for code, name in rows if low <= int(code) <= high}


def uncovered(goldens, low, high):
    seen = set()
    for golden in goldens:
        for lines in golden.answers.values():
            seen |= {int(code) for code in re.findall(r"ORM(\d{3})", "\n".join(lines))}
    return {code: name for code, name in kinds(low, high).items() if code not in seen}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("binaries", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument(
        "--update", action="store_true", default=bool(os.environ.get("ORMC_GOLDEN_UPDATE"))
    )
    parser.add_argument("--coverage", default=[], action="append", metavar="LOW-HIGH")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    paths = arguments.files or sorted(HERE.rglob("*.golden"))
    goldens = [Golden(path) for path in paths]
    for program in sorted(set().union(*map(needs, goldens))):
        if not (arguments.binaries / program).exists():
            print(f"no {program} in {arguments.binaries}: build it first")
            return 2
    failures = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda golden: golden.run(arguments.binaries), goldens))
    for golden, text in zip(goldens, results, strict=True):
        old = golden.path.read_bytes().decode()
        if text == old:
            continue
        if arguments.update:
            golden.path.write_bytes(text.encode())
            print(f"rewrote {golden.path.relative_to(ROOT)}")
            continue
        failures += 1
        sys.stdout.writelines(
            difflib.unified_diff(
                old.splitlines(True),
                text.splitlines(True),
                f"{golden.path.relative_to(ROOT)}",
                "what the program says now",
            )
        )
    for span in arguments.coverage:
        low, high = map(int, span.split("-"))
        for code, name in uncovered([Golden(path) for path in paths], low, high).items():
            failures += 1
            print(f"no golden triggers ORM{code} {name}")
    print(f"{len(goldens)} golden files, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
