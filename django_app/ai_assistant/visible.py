"""What a policy leaves of a manifest: compiler/policy/build_scope.cpp's rules, for grants and for words to people.

`ormd` compares the reader's grants with its own view and refuses to serve where they differ, so the two must agree.
"""

from . import policy

OWN_APP = "ai_assistant"
TO_MANY = ("m2m", "generic_relation")


def to_anybody(built):
    """What some user may see: all that the policy in force does not hide."""
    return Visible(built, policy.build()["hidden"])


class Visible:
    def __init__(self, built, hidden):
        self.models = {model["label"]: model for model in built["models"]}
        self.named = {label for label, model in self.models.items() if model["app"] == OWN_APP}
        self.columns = set()
        for name in hidden:
            self.hide(name)
        self.close()
        while self.hide_keyless():
            self.close()

    def hide(self, name):
        """A model takes along its proxies, its children and the keys of others that point to it."""
        app, class_name, *field = name.split(".")
        model = self.models.get(f"{app}.{class_name}")
        if model is None:
            return
        if not field:
            self.named.add(model["concrete"])
        for found in model["fields"]:
            if field and field[0] in (found["name"], found["attname"]):
                self.columns.add((found["model"], found["name"]))

    def close(self):
        self.hidden_models = {label for label in self.models if self.is_below(label)}
        self.hidden_fields = {
            (model["label"], field["name"])
            for model in self.models.values()
            for field in model["fields"]
            if self.points(field) or field["model"] in self.named or (field["model"], field["name"]) in self.columns
        }

    def is_below(self, label):
        model = self.models[label]
        own = label in self.named or model["concrete"] in self.named
        return own or any(self.is_below(parent["model"]) for parent in model["parents"])

    def points(self, field):
        """Whether it holds a key, or another column's values, of what is hidden."""
        target = self.models.get(field["relation"]["to"]) if field["relation"] else None
        if target is None:
            return False
        named = field["relation"]["to_fields"]
        held = {(one["model"], one["name"]) for one in target["fields"] if one["name"] in named}
        return target["label"] in self.hidden_models or bool(held & self.columns)

    def hide_keyless(self):
        """A row that cannot be told from others by what is shown is not shown."""
        keyless = {
            model["concrete"]
            for label, model in self.models.items()
            if self.sees(label) and any(not self.sees(label, name) for name in model["pk"])
        }
        self.named |= keyless
        return bool(keyless)

    def sees(self, label, name=None):
        if name is None:
            return label not in self.hidden_models and self.sees_ends(self.models[label])
        if (label, name) in self.hidden_fields:
            return False
        relation = next(field["relation"] for field in self.models[label]["fields"] if field["name"] == name)
        to_many = relation and relation["kind"] in TO_MANY and relation["to"] in self.models
        return not to_many or self.sees(relation["to"])

    def sees_ends(self, model):
        """A many-to-many's own table is seen where both ends are."""
        ends = {field["relation"]["to"] for field in model["fields"] if field["relation"]}
        return not model["auto_created"] or not ends & self.hidden_models

    def only(self, viewable):
        """Narrowed to the models that somebody may view, as ScopedManifest does: keys of others stay."""
        self.hidden_models |= {
            label for label, model in self.models.items() if not model["auto_created"] and label not in viewable
        }
        return self

    def fields(self, label):
        return [field for field in self.models[label]["fields"] if self.sees(label, field["name"])]
