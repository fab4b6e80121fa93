"""What `make test` runs: a row a part, in the order of running."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Part:
    name: str
    budget: int
    """Seconds on two cores with cold caches: printed beside the time used, not enforced."""
    command: str
    needs: tuple[str, ...] = ()
    """Files the part consists of. A part whose folder is not in the tree is left out by name."""
    fatal: bool = False
    """Nothing after it can run when it fails."""
    nightly: bool = False
    """Long: run by `make nightly`, or by its name."""

    def present(self) -> bool:
        return all((ROOT / need).exists() for need in self.needs)


PYTHON = ".venv/bin/python"
_CLUSTER = "python3 scripts/demo/with_cluster.py"
_MAKE = "make --no-print-directory"
_CHECKED = "cmake --preset checked --log-level=WARNING >/dev/null && cmake --build --preset checked"
# `make build` leaves out the tests, which a newcomer need not wait for.
_ALL = "cmake --preset release --log-level=WARNING >/dev/null && cmake --build --preset release"
_SYMBOLS = "ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-16"


def _watched_server(preset: str, folder: str, options: str) -> Part:
    """tests/integration with an ormd that is watched. A process that goes on after a report leaves it
    in a file: any fails the part."""
    reports = f"{folder}/report"
    asked = f"log_path=$PWD/{reports} external_symbolizer_path=/usr/bin/llvm-symbolizer-16"
    return Part(
        preset,
        1200,
        f"cmake --preset {preset} --log-level=WARNING >/dev/null && cmake --build --preset {preset} && "
        f'rm -f {reports}.* && export {options}="{asked}" ORMD=$PWD/{folder}/bin/ormd && '
        f"{PYTHON} -m pytest -q tests/integration; status=$?; "
        f"cat {reports}.* 2>/dev/null && exit 1; exit $status",
        needs=("tests/integration", "server/main.cpp"),
        nightly=True,
    )


PARTS = (
    Part("deps", 240, f"{_MAKE} deps", fatal=True),
    Part("build", 480, f"{_MAKE} build && {_ALL}", fatal=True),
    Part(
        "architecture",
        5,
        f"{PYTHON} -m unittest discover -s tests/architecture",
        needs=("tests/architecture",),
    ),
    # The runtime's tests skip what needs PostgreSQL where there is none: here there is one.
    Part(
        "unit",
        60,
        f"{_CLUSTER} ctest --test-dir build --output-on-failure -j2",
        needs=("compiler",),
    ),
    Part(
        "decoding",
        30,
        f"{PYTHON} tests/decoding/test_decoding.py build/bin/ormc",
        needs=("tests/decoding", "tools/ormc/CMakeLists.txt"),
    ),
    Part(
        "examples",
        10,
        f"{PYTHON} tests/examples/test_examples.py build/bin/ormc",
        needs=("tests/examples", "tools/ormc/CMakeLists.txt"),
    ),
    Part("lint", 600, "scripts/check/lint.sh"),
    Part(
        "oracle-tests",
        5,
        f"{PYTHON} -m unittest discover -s tests/oracle -p 'test_*.py'",
        needs=("tests/oracle/test_oracle.py",),
    ),
    Part(
        "catalogue-gap",
        5,
        f"{PYTHON} tests/oracle/catalogue_gap.py",
        needs=("tests/oracle/catalogue_gap.py", "tools/ormc/CMakeLists.txt"),
    ),
    Part("django", 200, "scripts/check/django.sh", needs=("django_app/tests",)),
    Part(
        "oracle",
        60,
        f"{PYTHON} tests/oracle/main.py",
        needs=("tests/oracle/main.py", "tools/ormc/CMakeLists.txt"),
    ),
    Part(
        "oracle-versions",
        180,
        "scripts/check/oracle_versions.sh",
        needs=("tests/oracle/main.py", "tools/ormc/CMakeLists.txt"),
        nightly=True,
    ),
    Part(
        "attack",
        90,
        f"{PYTHON} tests/attack/main.py",
        needs=("tests/attack/main.py", "tools/ormc/CMakeLists.txt"),
    ),
    Part(
        "noninterference",
        60,
        f"{PYTHON} tests/attack/noninterference.py",
        needs=("tests/attack/noninterference.py", "tools/ormc/CMakeLists.txt"),
    ),
    Part(
        "admin",
        120,
        f"{PYTHON} tests/admin/main.py",
        needs=("tests/admin/main.py", "tools/ormc/CMakeLists.txt"),
    ),
    Part(
        "generated",
        120,
        f"{_MAKE} oracle N=2000",
        needs=("tests/oracle/main.py", "tools/ormc/CMakeLists.txt"),
    ),
    Part(
        "laws",
        60,
        f"{PYTHON} tests/oracle/main.py --metamorphic 2000",
        needs=("tests/oracle/main.py", "tools/ormc/CMakeLists.txt"),
    ),
    Part(
        "misuse",
        60,
        f"{PYTHON} tests/oracle/main.py --misuse 2000",
        needs=("tests/oracle/main.py", "tools/ormc/CMakeLists.txt"),
    ),
    # One build with everything that watches the compiler serves the three parts after it.
    Part("checked", 330, _CHECKED, needs=("compiler",)),
    Part(
        "sanitizers",
        60,
        f"export {_SYMBOLS} && {_CLUSTER} ctest --test-dir build-checked --output-on-failure -j2 && "
        f"{PYTHON} tests/oracle/main.py --ormc build-checked/bin/ormc",
        needs=("compiler", "tests/oracle/main.py"),
    ),
    Part(
        "planted",
        30,
        f"{PYTHON} tests/oracle/main.py --defects build-checked/bin/ormc",
        needs=("tests/oracle/defects.py",),
    ),
    Part(
        "switches",
        120,
        f"{PYTHON} tests/attack/main.py --switches build-checked/bin/ormc",
        needs=("tests/attack/switches.py",),
        nightly=True,
    ),
    # Builds the compiler and the server a hundred times, a file or two each.
    Part("mutants", 5400, f"{_MAKE} mutants", needs=("tests/attack/mutants.py",), nightly=True),
    Part("fuzz", 125, "scripts/check/fuzz.sh 30 1", needs=("tests/fuzz",)),
    Part(
        "integration",
        120,
        f"{PYTHON} -m pytest -q tests/integration",
        needs=("tests/integration", "server/main.cpp"),
    ),
    Part("e2e", 120, "scripts/check/e2e.sh", needs=("tests/e2e",)),
    Part(
        "demo",
        60,
        f"{_MAKE} demo DEMO=check",
        needs=("server/main.cpp", "scripts/demo/main.py"),
    ),
    Part(
        "foreign",
        240,
        f"{_MAKE} wheel && {_CLUSTER} {PYTHON} tests/foreign/main.py build/dist/*.whl",
        needs=("tests/foreign", "server/main.cpp"),
        nightly=True,
    ),
    # nginx's package would start a server of the system's, so `make deps` does not install it.
    Part(
        "deploy",
        120,
        f"{PYTHON} tests/deploy/main.py",
        needs=("tests/deploy", "/usr/sbin/nginx", "/usr/bin/systemd-analyze"),
        nightly=True,
    ),
    Part("fuzz-long", 2410, "scripts/check/fuzz.sh 600", needs=("tests/fuzz",), nightly=True),
    Part(
        "generated-long",
        1000,
        f"{_MAKE} oracle N=20000 SEED=$(date +%Y%m%d)",
        needs=("tests/oracle/main.py", "tools/ormc/CMakeLists.txt"),
        nightly=True,
    ),
    Part(
        "misuse-long",
        600,
        f"{PYTHON} tests/oracle/main.py --misuse 30000 --seed $(date +%Y%m%d)",
        needs=("tests/oracle/main.py", "tools/ormc/CMakeLists.txt"),
        nightly=True,
    ),
    # The server waits on one thread and works on others; its coroutines outlive what asked for them.
    _watched_server("ormd-thread", "build-ormd-thread", "TSAN_OPTIONS"),
    _watched_server("ormd-address", "build-checked", "ASAN_OPTIONS"),
    # Its figures are read, not judged.
    Part("bench", 600, f"{_MAKE} bench", needs=("tests/bench",), nightly=True),
)
