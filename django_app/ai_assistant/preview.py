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
    masks = {mask["field"]: mask["how"] for mask in in_force["masked"]}
    seen = Visible(built, in_force["hidden"]).only(viewable)
    lines = [
        f"  {label}: {', '.join(words(seen, label, field, masks) for field in seen.fields(label))}"
        + rows_of(label, in_force, superuser, groups)
        for label, model in sorted(seen.models.items())
        if not model["auto_created"] and not model["swapped"] and seen.sees(label)
    ]
    kept = sorted(label for label in viewable if label in seen.hidden_models and seen.models[label]["app"] != OWN_APP)
    if kept:
        lines.append(f"  kept back by the policy, though permitted: {', '.join(kept)}")
    return lines or ["  nothing"]


def rows_of(label, in_force, superuser, groups):
    entries = [entry for entry in in_force.get("rows", ()) if entry["model"] == label]
    if not entries:
        return ""
    entry = policy.entry_for(entries, superuser, groups)
    return f"; rows {entry['where']}" if entry else "; no row"


def words(seen, label, field, masks):
    """A column as it is shown: a key alone where the other model is not seen."""
    names = (f"{model}.{field['name']}" for model in (label, field["model"]))
    mask = next((masks[name] for name in names if name in masks), None)
    if mask:
        return f"{field['name']} (masked: {mask})"
    relation = field["relation"]
    if relation and relation["to"] in seen.models and not seen.sees(relation["to"]):
        return f"{field['attname']} (the key alone)"
    return field["name"]
