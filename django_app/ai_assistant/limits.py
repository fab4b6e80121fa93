"""The limits that a site may set: a misspelt name is an error, not a limit that never holds."""

import difflib

# What a snippet meets, in AI_ASSISTANT["LIMITS"]; compiler/policy/load.cpp reads them.
POLICY = (
    "ast_nodes",
    "cell_bytes",
    "conditions",
    "eval_bytes",
    "eval_steps",
    "in_list",
    "joins",
    "loop_queries",
    "max_rows",
    "nesting_depth",
    "read_bytes",
    "read_rows",
    "snippet_bytes",
    "statement_timeout_ms",
    "subqueries",
)
POLICY_BOUNDS = dict.fromkeys(POLICY, (1, 2**31 - 1))
# What a question meets, in AI Assistant -> Settings; server/limits/limits.def has them.
SETTINGS_BOUNDS = {
    "questions_per_minute": (1, 1_000_000),
    "user_questions_at_once": (1, 10_000),
    "export_rows": (1, 10_000_000),
    "export_seconds": (1, 3_600),
}


def nearest(name, known):
    """A hint for a name that is not known."""
    close = difflib.get_close_matches(str(name), known, 1)
    return f"Did you mean {close[0]!r}?" if close else f"Known are {', '.join(sorted(known))}."


def wrong(given, bounds):
    """Sentences about what is no limit, or is out of its bounds."""
    if not isinstance(given, dict):
        return ["Limits are an object of names and numbers."]
    found = []
    for name, value in given.items():
        if name not in bounds:
            found.append(f"There is no limit {name!r}. {nearest(name, bounds)}")
            continue
        least, most = bounds[name]
        if type(value) is not int or not least <= value <= most:
            found.append(f"The limit {name!r} is a whole number from {least} to {most}, not {value!r}.")
    return found
