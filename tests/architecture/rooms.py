"""The rooms and the doors between them, as docs/architecture.md draws them."""

# Room -> the rooms its files may include from; its own is always allowed.
_LANGUAGE = {"compiler/base", "compiler/diagnostics", "compiler/ast"}
_VALUES = {"compiler/base", "compiler/values"}
_SCHEMA = {
    "compiler/base",
    "compiler/diagnostics",
    "compiler/types",
    "compiler/manifest",
    "compiler/catalog",
    "compiler/values",
}
_PLAN = _SCHEMA | {"compiler/eval", "compiler/program", "compiler/plan"}
_COMPILER = (
    _LANGUAGE
    | _PLAN
    | {"compiler/syntax", "compiler/bind", "compiler/sql", "compiler/policy", "compiler/pipeline"}
)
_RUNTIME = _VALUES | {"compiler/diagnostics", "compiler/program", "compiler/eval"}

ROOMS = {
    "compiler/base": set(),
    "compiler/diagnostics": {"compiler/base"},
    "compiler/ast": {"compiler/base", "compiler/diagnostics"},
    "compiler/syntax": _LANGUAGE,
    "compiler/types": {"compiler/base"},
    "compiler/values": {"compiler/base"},
    "compiler/eval": _VALUES | {"compiler/program"},
    "compiler/manifest": _SCHEMA - {"compiler/catalog"},
    "compiler/catalog": _SCHEMA - {"compiler/manifest"},
    "compiler/program": _VALUES,
    "compiler/plan": _PLAN,
    "compiler/policy": {
        "compiler/base",
        "compiler/diagnostics",
        "compiler/manifest",
        "compiler/plan",
        "compiler/program",
        "compiler/values",
    },
    # Bind drives plan and sql, whose output columns shape the rows, and parses the site's own words.
    "compiler/bind": _LANGUAGE | _PLAN | {"compiler/syntax", "compiler/sql"},
    "compiler/sql": _PLAN - {"compiler/manifest"},
    # The grammar that model servers decode under: the catalogue's names and what one user sees.
    "compiler/decoding": {
        "compiler/base",
        "compiler/catalog",
        "compiler/eval",
        "compiler/manifest",
        "compiler/values",
    },
    "compiler/pipeline": _COMPILER,
    "runtime/postgres": _RUNTIME,
    "runtime/execute": _RUNTIME | {"runtime/postgres"},
    "server": _COMPILER | _RUNTIME | {"runtime/postgres", "runtime/execute"},
    "tools/ormc": _COMPILER
    | {"compiler/decoding"}
    | _RUNTIME
    | {"runtime/postgres", "runtime/execute"},
}

# A third-party header (a prefix of the include) -> the only folders that may include it.
THIRD_PARTY = {
    "antlr4-": ("compiler/syntax",),
    "Orm": ("compiler/syntax",),
    "libpq": ("runtime/postgres", "server/store"),
    "postgresql/": ("runtime/postgres", "server/store"),
    "pg_query": ("runtime/postgres",),
    "boost/beast": ("server",),
    "boost/asio": ("server", "runtime/postgres"),
    "boost/url": ("server",),
    "jwt/": ("server",),
    "openssl/": ("server",),
    "prometheus/": ("server",),
    "spdlog/": ("server", "tools"),
    "CLI/": ("server", "tools"),
}
