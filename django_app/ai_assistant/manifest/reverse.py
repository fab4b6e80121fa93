"""The relations that end at a model: what `filter(order__...)` and `customer.order_set` mean."""


def describe(model):
    found = []
    for rel in model._meta.get_fields(include_hidden=True):
        if not rel.auto_created or rel.concrete or not hasattr(rel, "field"):
            continue
        hidden = rel.is_hidden() if hasattr(rel, "is_hidden") else bool(rel.hidden)
        kind = kind_of(rel)
        came_from = rel.model._meta.concrete_model
        found.append(
            {
                "name": rel.name,
                "accessor": None if hidden or kind == "generic_relation" else rel.get_accessor_name(),
                "model": rel.related_model._meta.label,
                "field": rel.field.name,
                "hidden": hidden,
                "kind": kind,
                "via": None if came_from is model._meta.concrete_model else came_from._meta.label,
            }
        )
    found.sort(key=lambda entry: (entry["name"], entry["model"], entry["field"]))
    return found


def kind_of(rel):
    if hasattr(rel.field, "object_id_field_name"):
        return "generic_relation"
    if rel.many_to_many:
        return "m2m"
    return "o2o" if rel.one_to_one else "fk"
