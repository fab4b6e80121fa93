"""What a group or a user could ask about and see: permissions within the policy, in lines of text."""

from . import audience, conf, policy, rights
from .visible import OWN_APP, Visible

ASK = "ai_assistant.ask"


def of_group(built, group):
    holder = audience.of_group(group)
    staff = group.user_set.filter(is_active=True, is_staff=True).count()
    asks = f"{staff} active staff" if holder_may_ask(holder) else f"cannot ask: has no permission {ASK}"
    return [f"group {group.name} ({asks})", *seen_by(built, set(rights.viewable(holder)), False, [group.name])]


def of_user(built, user):
    if not (user.is_active and user.is_staff):
        return [f"user {user.get_username()} cannot ask: not active staff"]
    if not holder_may_ask(user):
        return [f"user {user.get_username()} cannot ask: has no permission {ASK}"]
    groups = user.groups.values_list("name", flat=True)
    seen = seen_by(built, set(rights.viewable(user)), user.is_superuser, groups)
    return [f"user {user.get_username()}", *seen]


def holder_may_ask(holder):
    return not conf.get("ASK_PERMISSION") or holder.has_perm(ASK)


def seen_by(built, viewable, superuser, groups):
    in_force = policy.build()
    seen = Visible(built, in_force["hidden"]).only(viewable)

    def fields_of(label):
        for field in seen.fields(label):
            entries = policy.masks_of(in_force, label, field)
            how = policy.how_shown(entries, superuser, groups)
            if how != "hidden":
                yield words(seen, field, how)

    lines = [
        f"  {label}: {', '.join(fields_of(label))}" + rows_of(label, in_force, superuser, groups)
        for label, model in sorted(seen.models.items())
        if not model["auto_created"] and not model["swapped"] and seen.sees(label)
    ]
    kept = sorted(label for label in viewable if label in seen.hidden_models and seen.models[label]["app"] != OWN_APP)
    if kept:
        lines.append(f"  kept back by the policy, though permitted: {', '.join(kept)}")
    untold = in_force.get("told", {}).get("except")
    if untold:
        lines.append(f"  not told to the language model: {', '.join(untold)}")
    return lines or ["  nothing"]


def rows_of(label, in_force, superuser, groups):
    said = ""
    entries = policy.entries_of(in_force, "rows", label)
    if entries:
        entry = policy.entry_for(entries, superuser, groups)
        said += f"; rows {entry['where']}" if entry else "; no row"
    smallest = policy.smallest_group(policy.entries_of(in_force, "aggregates_only", label), superuser, groups)
    if smallest:
        said += f"; only {policy.groups_words(smallest)}"
    return said


def words(seen, field, how):
    """A column as it is shown: a key alone where the other model is not seen."""
    if how != "shown":
        return f"{field['name']} (masked: {how})"
    relation = field["relation"]
    if relation and relation["to"] in seen.models and not seen.sees(relation["to"]):
        return f"{field['attname']} (the key alone)"
    return field["name"]
