"""The columns that decide which rows the site itself shows: by its managers and by the policy's rules for rows.

The reader needs them also where the policy hides them from everybody, as it hides what a form leaves out (its owner, a
date of deletion). `ormd` finds them by compiling the same rules (compiler/pipeline/row_check.h).
"""

import ast


def by_site(built, entries):
    """{(label of the model on whose table it is, name)}; `entries`: the policy's `rows`."""
    models = {model["label"]: model for model in built["models"]}
    found = set()
    for entry in entries:
        found |= Rule(models, models[entry["model"]], entry["where"]).columns if entry["model"] in models else set()
    for model in models.values():
        for manager in model["managers"]:
            for one in (manager, manager.get("related", manager)):
                if one["kind"] == "expressible":
                    found |= Rule(models, model, one["queryset"]).columns
    return found


class Rule:
    """Follows the names in an expression of the language of snippets."""

    def __init__(self, models, model, text):
        self.models = models
        self.columns = set()
        self.methods = set()  # that were read
        self.read_text(text, model)

    def read_text(self, text, model):
        try:
            tree = ast.parse(text.strip(), mode="eval")
        except SyntaxError:  # `ormd` refuses such a policy, and says where
            return
        self.read(tree.body, model, model)

    def read(self, node, model, outer):
        """`model`: whose names stand here; `outer`: whose stand in OuterRef."""
        if isinstance(node, ast.Call):
            queried = self.queried(node)
            inner, around = (queried, model) if queried else (model, outer)
            named = outer if getattr(node.func, "id", None) == "OuterRef" else inner
            for keyword in node.keywords:
                self.add(named, keyword.arg or "")
                self.read(keyword.value, inner, around)
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    self.add(named, argument.value)
                self.read(argument, inner, around)
            self.read_method(node.func, inner)
            self.read(node.func, model, outer)
        else:
            for part in ast.iter_child_nodes(node):
                self.read(part, model, outer)

    def read_method(self, function, model):
        """What `self.published()` reads, where that is a method of the site."""
        name = function.attr if isinstance(function, ast.Attribute) else None
        if name is None or (model["label"], name) in self.methods:
            return
        self.methods.add((model["label"], name))
        for manager in model["managers"]:
            for method in manager.get("methods", ()):
                if method["name"] == name and method.get("source"):
                    self.read_text(method["source"], model)

    def queried(self, node):
        """The model of `Team.objects.filter(...)`, or None."""
        while isinstance(node, (ast.Call, ast.Attribute)):
            node = node.func if isinstance(node, ast.Call) else node.value
        name = getattr(node, "id", None)
        return next((model for model in self.models.values() if model["name"] == name), None)

    def add(self, model, path):
        """The columns of its hops and of its end; what is no field is a lookup, a transform, an alias or a text."""
        for name in path.split("__"):
            if model is None:
                return
            names = model["pk"] if name == "pk" else [name]
            fields = [field for field in model["fields"] if {field["name"], field["attname"]} & set(names)]
            if fields:
                for field in fields:
                    self.add_column(model, field)
                model = self.along(model, fields[0])
                continue
            reverse = next((one for one in model["reverse"] if one["name"] == name), None)
            if reverse is None:
                return
            model = self.back(model, reverse)

    def add_column(self, model, field):
        if field["concrete"]:
            self.columns.add((field["model"], field["name"]))
        # From a child to the table of its parent.
        for parent in model["parents"]:
            if parent["link"]:
                self.add_names(model["label"], [parent["link"]])
                self.add_names(parent["model"], self.models[parent["model"]]["pk"])

    def along(self, model, field):
        """What a relation points to."""
        relation = field["relation"]
        if relation is None:
            return None
        through = self.models.get(relation["through"])
        if through:
            self.add_names(through["label"], [relation["through_from"], relation["through_to"]])
            self.add_names(model["label"], model["pk"])
        to = self.models.get(relation["to"])
        if to:
            self.add_names(to["label"], relation["to_fields"] or to["pk"])
        for name in (relation["ct_field"], relation["fk_field"]):
            self.add_names(relation["to"], [name] if name else [])
        return to

    def back(self, model, reverse):
        """Whose rows point here."""
        field = next(one for one in self.models[reverse["model"]]["fields"] if one["name"] == reverse["field"])
        self.add_column(self.models[reverse["model"]], field)
        self.along(self.models[reverse["model"]], field)
        return self.models[reverse["model"]]

    def add_names(self, label, names):
        fields = self.models[label]["fields"] if label in self.models else []
        self.columns |= {
            (field["model"], field["name"])
            for field in fields
            if field["concrete"] and {field["name"], field["attname"]} & set(names)
        }
