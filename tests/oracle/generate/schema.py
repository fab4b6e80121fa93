"""The manifest as the generator sees it: models by name, typed fields, relations, paths."""

from __future__ import annotations

import json
import pathlib
from dataclasses import dataclass, field

TYPES = {
    "CharField": "text",
    "TextField": "text",
    "EmailField": "text",
    "SlugField": "text",
    "URLField": "text",
    "AutoField": "int",
    "BigAutoField": "int",
    "IntegerField": "int",
    "SmallIntegerField": "int",
    "BigIntegerField": "int",
    "PositiveIntegerField": "int",
    "PositiveSmallIntegerField": "int",
    "PositiveBigIntegerField": "int",
    "FloatField": "float",
    "DecimalField": "decimal",
    "BooleanField": "bool",
    "DateField": "date",
    "DateTimeField": "datetime",
    "TimeField": "time",
    "DurationField": "duration",
    "UUIDField": "uuid",
    "JSONField": "json",
    "ArrayField": "array",
    "HStoreField": "hstore",
    "IntegerRangeField": "range",
    "BigIntegerRangeField": "range",
    "DecimalRangeField": "range",
    "DateRangeField": "range",
    "DateTimeRangeField": "range",
    "SearchVectorField": "vector",
}
# Apps whose tables the seed does not fill, and models that the compiler refuses by design.
APPS = {"shop", "nasty", "keyed"}
ALSO = {"auth.User", "auth.Group"}
OPAQUE = {"nasty.Secretive"}
HIDDEN = {"password"}


@dataclass
class Field:
    name: str
    type: str
    null: bool
    unique: bool
    kind: str
    choices: bool


@dataclass
class Relation:
    name: str  # as a query names it
    accessor: str | None  # as an attribute names it
    kind: str  # "fk", "self fk", "reverse o2o", "m2m through", ...
    target: str  # label
    multi: bool
    null: bool
    column: bool  # the key is the row's own


@dataclass
class Model:
    label: str
    name: str
    keys: list[str]  # the columns of its key
    fields: list[Field] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    ordered: bool = False

    def typed(self, *types: str) -> list[Field]:
        return [f for f in self.fields if f.type in types]


@dataclass
class Path:
    """From a model through relations to a field (or, with none, to the last relation)."""

    steps: list[Relation]
    field: Field | None

    @property
    def text(self) -> str:
        names = [step.name for step in self.steps]
        return "__".join(names + ([self.field.name] if self.field else []))

    @property
    def multi(self) -> bool:
        return any(step.multi for step in self.steps)

    @property
    def null(self) -> bool:
        return any(step.null or step.multi for step in self.steps) or bool(
            self.field and self.field.null
        )


def relation_of(owner: dict, found: dict) -> Relation | None:
    """A relation that is a field of the model."""
    relation = found["relation"]
    if relation["kind"] == "generic_fk" or relation.get("to") is None:
        return None
    kind = relation["kind"].replace("_", " ")
    if relation.get("parent_link"):
        kind = "parent link"
    elif relation["to"] == owner["label"]:
        kind = f"self {kind}" + (" symmetrical" if relation.get("symmetrical") else "")
    elif kind == "m2m" and not relation["through"].split(".")[1].startswith(owner["name"] + "_"):
        kind = "m2m through"
    elif relation.get("to_fields") not in ([], None, ["id"]) and kind == "fk":
        kind = "fk to other key"
    multi = relation["kind"] in ("m2m", "generic_relation")
    return Relation(
        found["name"],
        found["name"],
        kind,
        relation["to"],
        multi,
        bool(found.get("null")),
        not multi,
    )


def reverse_of(owner: dict, found: dict) -> Relation | None:
    if found["hidden"] or found["kind"] == "generic_relation" or "+" in found["name"]:
        return None
    kind = f"reverse {found['kind']}"
    if found["model"] == owner["label"]:
        kind = f"self {kind}"
    elif found.get("via"):
        kind = "reverse of parent"
    multi = found["kind"] != "o2o"
    return Relation(found["name"], found["accessor"], kind, found["model"], multi, True, False)


class Schema:
    def __init__(self, manifest: pathlib.Path):
        raw = json.loads(manifest.read_text(encoding="utf-8"))
        self.models: dict[str, Model] = {}
        for model in raw["models"]:
            if self._wanted(model):
                self.models[model["label"]] = self._model(model)
        for model in self.models.values():
            model.relations = [r for r in model.relations if r.target in self.models]

    @staticmethod
    def _wanted(model: dict) -> bool:
        label = model["label"]
        if label in OPAQUE or model["auto_created"]:
            return False
        default = next(m for m in model["managers"] if m["name"] == model["default_manager"])
        return default["kind"] != "opaque" and (model["app"] in APPS or label in ALSO)

    @staticmethod
    def _model(raw: dict) -> Model:
        model = Model(raw["label"], raw["name"], raw["pk"], ordered=bool(raw["ordering"]))
        for found in raw["fields"]:
            if found.get("relation"):
                relation = relation_of(raw, found)
                if relation:
                    model.relations.append(relation)
            elif found["kind"] in TYPES and not found.get("opaque") and found["name"] not in HIDDEN:
                model.fields.append(
                    Field(
                        found["name"],
                        TYPES[found["kind"]],
                        bool(found.get("null")),
                        bool(found.get("unique") or found.get("primary_key")),
                        found["kind"],
                        bool(found.get("choices")),
                    )
                )
        model.relations += [r for r in (reverse_of(raw, found) for found in raw["reverse"]) if r]
        return model
