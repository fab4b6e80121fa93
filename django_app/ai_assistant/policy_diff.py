"""What a policy shows that another did not, in words, and to whom."""

from . import policy
from .visible import Visible

# Each shows less than the one before it.
STRENGTH = ("shown", "domain", "last4", "hash", "fixed", "hidden")


def differences(built, old, new, audience):
    """(newly shown, newly hidden), each a list of sentences."""
    before, after = Reading(built, old), Reading(built, new)
    more, less = [], []
    for label in sorted(before.visible.models):
        to = audience.words(label)
        for sentence, wider in [*of_model(label, before, after), *of_rows(label, before, after)]:
            (more if wider else less).append(f"{label}{sentence}; to {to}" if wider else f"{label}{sentence}")
    for name in sorted({**before.limits, **after.limits}):
        was, now = before.limits.get(name), after.limits.get(name)
        if was != now:
            words = f"limit {name}: {said(now)}, was {said(was)}"
            (less if now is not None and was is not None and now < was else more).append(words)
    return more, less


def said(limit):
    return "the built-in one" if limit is None else str(limit)


class Reading:
    """A policy as it works on a manifest."""

    def __init__(self, built, found):
        hidden = set(found["hidden"])
        if found.get("default_hidden", True):
            hidden |= set(filter(policy.installed, policy.secret_names()))
        self.visible = Visible(built, hidden)
        self.masks = {mask["field"]: mask["how"] for mask in found.get("masked", ())}
        self.limits = found.get("limits", {})
        self.rows = {}
        for entry in found.get("rows", ()):
            self.rows.setdefault(entry["model"], []).append(entry)

    def state(self, label, field):
        """One of STRENGTH. A mask is named by the model on whose table the column is, or by one that inherits it."""
        if not self.visible.sees(label) or not self.visible.sees(label, field["name"]):
            return "hidden"
        names = (f"{model}.{field['name']}" for model in (label, field["model"]))
        return next((self.masks[name] for name in names if name in self.masks), "shown")


def of_model(label, before, after):
    """(what is said after the model's name, whether it shows more) of each change."""
    model = before.visible.models[label]
    if model["auto_created"]:
        return
    states = [(field["name"], before.state(label, field), after.state(label, field)) for field in model["fields"]]
    was_seen, is_seen = before.visible.sees(label), after.visible.sees(label)
    if is_seen and not was_seen:
        shown = [name if now == "shown" else f"{name} ({now})" for name, _, now in states if now != "hidden"]
        within = f", {rows(after.rows[label])}" if label in after.rows else ""
        yield f": the model is shown, with {', '.join(shown)}{within}", True
    elif was_seen and not is_seen:
        yield ": the model is hidden", False
    else:
        for name, was, now in states:
            if was != now:
                wider = STRENGTH.index(now) < STRENGTH.index(was)
                yield f".{name}: {described(now)}, was {described(was)}", wider


def of_rows(label, before, after):
    """The same of its rules for rows. Which of two rules shows more is not known here: another one counts as more."""
    was, now = before.rows.get(label), after.rows.get(label)
    if was != now and after.visible.sees(label) and before.visible.sees(label):
        yield f": {rows(now)}, was {rows(was)}", was is not None


def rows(entries):
    return "; ".join(map(policy.words_of, entries)) if entries else "all rows"


def described(state):
    return state if state in ("shown", "hidden") else f"masked ({state})"
