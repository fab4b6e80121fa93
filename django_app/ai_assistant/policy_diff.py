"""What a policy shows that another did not, in words, and to whom."""

from . import policy
from .visible import Visible

# Each shows less than the one before it.
STRENGTH = ("shown", "domain", "last4", "hash", "fixed", "hidden")
# Entries for a model's rows, and what is seen without any.
OF_ROWS = {"rows": "all rows", "aggregates_only": "its rows"}


def differences(built, old, new, audience):
    """(newly shown, newly hidden), each a list of sentences."""
    before, after = Reading(built, old), Reading(built, new)
    more, less = [], []
    for label in sorted(before.visible.models):
        to = audience.words(label)
        for sentence, wider in [*of_model(label, before, after), *of_rows(label, before, after)]:
            (more if wider else less).append(f"{label}{sentence}; to {to}" if wider else f"{label}{sentence}")
    for sentence, wider in [*of_limits(before, after), *of_told(before, after)]:
        (more if wider else less).append(sentence)
    return more, less


def of_limits(before, after):
    for name in sorted({**before.limits, **after.limits}):
        was, now = before.limits.get(name), after.limits.get(name)
        if was != now:
            less = now is not None and was is not None and now < was
            yield f"limit {name}: {said(now)}, was {said(was)}", not less
    if before.regex != after.regex:
        yield f"regular expressions: {'on' if after.regex else 'off'}", after.regex


def of_told(before, after):
    """What the language model is told of what people see."""
    for name in sorted(before.untold ^ after.untold):
        told = name in before.untold
        yield f"{name}: {'told' if told else 'not told'} to the language model", told
    if before.choices != after.choices:
        yield f"choices: {'told' if after.choices else 'not told'} to the language model", after.choices


def said(limit):
    return "the built-in one" if limit is None else str(limit)


class Reading:
    """A policy as it works on a manifest."""

    def __init__(self, built, found):
        hidden = set(found["hidden"])
        if found.get("default_hidden", True):
            hidden |= set(filter(policy.installed, policy.secret_names()))
        self.visible = Visible(built, hidden)
        self.found = found
        self.limits = found.get("limits", {})
        self.regex = found.get("regex", True)
        self.untold = set(found.get("told", {}).get("except", ()))
        self.choices = found.get("told", {}).get("choices", True)

    def entries(self, kind, label):
        return policy.entries_of(self.found, kind, label)

    def state(self, label, field):
        """One of STRENGTH; where it is not the same for everybody, the entries in words."""
        if not self.visible.sees(label) or not self.visible.sees(label, field["name"]):
            return "hidden"
        entries = policy.masks_of(self.found, label, field)
        if any(map(policy.names_somebody, entries)):
            return "; ".join(policy.words_of("masked", entry) for entry in entries)
        return policy.how_shown(entries, False, ())


def of_model(label, before, after):
    """(what is said after the model's name, whether it shows more) of each change."""
    model = before.visible.models[label]
    if model["auto_created"]:
        return
    states = [(field["name"], before.state(label, field), after.state(label, field)) for field in model["fields"]]
    was_seen, is_seen = before.visible.sees(label), after.visible.sees(label)
    if is_seen and not was_seen:
        shown = [name if now == "shown" else f"{name} ({now})" for name, _, now in states if now != "hidden"]
        within = "".join(
            f", {listed(kind, after.entries(kind, label))}" for kind in OF_ROWS if after.entries(kind, label)
        )
        yield f": the model is shown, with {', '.join(shown)}{within}", True
    elif was_seen and not is_seen:
        yield ": the model is hidden", False
    else:
        for name, was, now in states:
            if was != now:
                known = was in STRENGTH and now in STRENGTH
                wider = STRENGTH.index(now) < STRENGTH.index(was) if known else was != "shown"
                yield f".{name}: {described(now)}, was {described(was)}", wider


def of_rows(label, before, after):
    """The same of its rows. Which of two rules shows more is not known here: another one counts as more."""
    if not (after.visible.sees(label) and before.visible.sees(label)):
        return
    for kind, without in OF_ROWS.items():
        was, now = before.entries(kind, label), after.entries(kind, label)
        if was != now:
            yield f": {listed(kind, now) or without}, was {listed(kind, was) or without}", bool(was)


def listed(kind, entries):
    return "; ".join(policy.words_of(kind, entry) for entry in entries)


def described(state):
    return state if state in ("shown", "hidden") or state not in STRENGTH else f"masked ({state})"
