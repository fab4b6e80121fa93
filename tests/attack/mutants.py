"""Mutation of the rules: each of mutants.txt, applied alone to a copy of the tree, must fail some test.

    mutants.py [PATTERN...]     those whose name has a pattern, or with a rule or a test that begins with it
    mutants.py --trust ...      without running the tests first, which must pass
    mutants.py --check          only: does the text of each stand in its file once?

The copy is build/mutants/tree with a build folder of its own; only what the tests need is built there. What
they print is in build/mutants/last.log. Run under scripts/demo/with_cluster.py: tests of Django and of the
runtime need a database.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from corpus import HERE

ROOT = HERE.parents[1]
FOLDER = ROOT / "build" / "mutants"
TREE = FOLDER / "tree"
BUILD = TREE / "build"
LONGEST = 600  # seconds of a build or a test: one that hangs has noticed


@dataclass
class Mutant:
    name: str
    rules: list[str]
    file: str
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    equivalent: str = ""

    def mutated(self, text: str) -> str:
        """`text` with the lines replaced; they must stand in it once."""
        lines = text.splitlines()
        bare = [line.strip() for line in lines]
        size = len(self.old)
        places = [at for at in range(len(bare) - size + 1) if bare[at : at + size] == self.old]
        if len(places) != 1:
            raise ValueError(f"{self.name}: found {len(places)} times in {self.file}")
        at = places[0]
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines[at : at + size] = [indent + line for line in self.new]
        return "\n".join(lines) + "\n"


def read(path: Path = HERE / "mutants.txt") -> list[Mutant]:
    found: list[Mutant] = []
    for line in path.read_text().splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "#:":
            name, rules, file = rest.split()
            found.append(Mutant(name, rules.split(","), file))
        elif mark == "-":
            found[-1].old.append(rest.strip())
        elif mark == "+":
            found[-1].new.append(rest)
        elif mark == "?":
            found[-1].tests += rest.split()
        elif mark == "=":
            found[-1].equivalent = rest
        elif mark not in ("#", ""):
            raise ValueError(f"mutants.txt: {line}")
    for mutant in found:
        if not mutant.old or bool(mutant.tests) == bool(mutant.equivalent):
            raise ValueError(f"{mutant.name}: it needs lines, and tests or a reason")
    return found


def run(command: list[str], folder: Path, **environment: str) -> bool:
    """Whether it passed."""
    with (FOLDER / "last.log").open("ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=LONGEST,
            )
        except subprocess.TimeoutExpired:
            return False
    return done.returncode == 0


def build(targets: set[str]) -> bool:
    # Paths in the copy are made relative, as in the tree itself: what is the same is not compiled again.
    command = ["ninja", "-C", str(BUILD), *sorted(targets)]
    return not targets or run(command, TREE, CCACHE_BASEDIR=str(TREE))


def targets(mutants: list[Mutant]) -> set[str]:
    found: set[str] = set()
    for test in (test for mutant in mutants for test in mutant.tests):
        kind, _, given = test.partition(":")
        found |= {
            "attack": {"ormc"},
            "golden": {"ormc", "ast_dump"},
            "unit": {given.partition(":")[0]},
            "ormd": {"ormd"},
        }.get(kind, set())
    return found


class Tests:
    """A kind of test is a method, which is given what stands behind its colon."""

    def passes(self, test: str) -> bool:
        kind, _, given = test.partition(":")
        return getattr(self, kind)(given)

    def attack(self, pattern: str) -> bool:
        command = [sys.executable, "tests/attack/main.py", "--ormc", str(BUILD / "bin" / "ormc")]
        return run([*command, "--keep", str(FOLDER / "site"), pattern], ROOT)

    def golden(self, folder: str) -> bool:
        files = sorted(map(str, (TREE / "tests" / "golden" / folder).glob("*.golden")))
        return run([sys.executable, "tests/golden/run.py", str(BUILD / "bin"), *files], TREE)

    def unit(self, test: str) -> bool:
        binary, _, names = test.partition(":")
        return run([str(BUILD / "bin" / binary), f"--gtest_filter={names}"], TREE)

    def django(self, file: str) -> bool:
        return run([sys.executable, "-m", "pytest", "-q", "-x", file], TREE / "django_app")

    def ormd(self, file: str) -> bool:
        command = [sys.executable, "-m", "pytest", "-q", "-x", f"tests/integration/{file}"]
        return run(command, TREE, ORMD=str(BUILD / "bin" / "ormd"))


def copy_tree() -> None:
    TREE.mkdir(parents=True, exist_ok=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        source, target = ROOT / name, TREE / name
        if not source.is_file() or (target.exists() and target.read_bytes() == source.read_bytes()):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
        target.chmod(source.stat().st_mode)


def prepare(needed: set[str]) -> None:
    copy_tree()
    configure = ["cmake", "-G", "Ninja", "-S", ".", "-B", str(BUILD), "-DCMAKE_BUILD_TYPE=Debug"]
    if needed and not (run(configure, TREE, CCACHE_BASEDIR=str(TREE)) and build(needed)):
        sys.exit(f"the copy does not build: {FOLDER / 'last.log'}")


def require_green(mutants: list[Mutant]) -> None:
    """A test that fails by itself kills nothing."""
    for test in sorted({test for mutant in mutants for test in mutant.tests}):
        if not Tests().passes(test):
            sys.exit(f"{test} fails without a mutant: {FOLDER / 'last.log'}")


def judge(mutant: Mutant) -> str:
    """What happened to it."""
    if mutant.equivalent:
        return f"equivalent: {mutant.equivalent}"
    path = TREE / mutant.file
    before = path.read_text()
    path.write_text(mutant.mutated(before))
    try:
        if not compiles(mutant, path.read_text()) or not build(targets([mutant])):
            return "DOES NOT BUILD"
        killer = next((test for test in mutant.tests if not Tests().passes(test)), None)
        return f"killed by {killer}" if killer else "SURVIVED"
    finally:
        path.write_text(before)


def why_stale(mutant: Mutant) -> str:
    try:
        mutant.mutated((ROOT / mutant.file).read_text())
    except (ValueError, OSError) as wrong:
        return str(wrong)
    return ""


def compiles(mutant: Mutant, text: str) -> bool:
    """Python that is none would fail every test."""
    if not mutant.file.endswith(".py"):
        return True
    try:
        compile(text, mutant.file, "exec")
    except SyntaxError:
        return False
    return True


def is_chosen(mutant: Mutant, patterns: list[str]) -> bool:
    return not patterns or any(
        pattern in mutant.name
        or pattern in mutant.rules
        or any(test.startswith(pattern) for test in mutant.tests)
        for pattern in patterns
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("patterns", nargs="*")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--trust", action="store_true", help="the tests pass without a mutant")
    options = parser.parse_args()
    mutants = read()
    if stale := [wrong for wrong in map(why_stale, mutants) if wrong]:
        sys.exit("\n".join(stale))
    if options.check:
        print(f"mutants: {len(mutants)} stand in their files")
        return 0
    chosen = [mutant for mutant in mutants if is_chosen(mutant, options.patterns)]
    prepare(targets(chosen))
    if not options.trust:
        require_green(chosen)
    states: Counter[str] = Counter()
    for mutant in chosen:
        begin = time.monotonic()
        state = judge(mutant)
        states[state.split()[0].rstrip(":")] += 1
        took = time.monotonic() - begin
        print(f"{','.join(mutant.rules):<7} {mutant.name:<26} {took:5.0f} s  {state}", flush=True)
    lost = states["SURVIVED"] + states["DOES"]
    print(f"mutants: {len(chosen) - lost} passed, {lost} failed ({dict(states)})")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
