"""The exporter: against the contract's schema, and what it says about models that are hard to say."""

import hashlib
import json

import django
import pytest
from django.apps import apps
from django.db import models
from django.db.models import functions
from django.test import override_settings
from django.test.utils import register_lookup

from ai_assistant import manifest
from ai_assistant.manifest import fields, lookups

from .conftest import ROOT, manage, schema

NOWHERE = {"ORMC_DB_HOST": "127.0.0.1", "ORMC_DB_PORT": "1", "ORMC_DB_DSN": ""}


def field_of(model, name):
    return next(field for field in model["fields"] if field["name"] == name)


def manager_of(model, name):
    return next(manager for manager in model["managers"] if manager["name"] == name)


@pytest.mark.parametrize("apps", ["shop", "shop,nasty"])
def test_both_sites_fit_the_schema_with_no_database(apps, tmp_path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    manage("ormc_manifest", "--output", str(first), ORMC_EXAMPLE_APPS=apps, PYTHONHASHSEED="1", **NOWHERE)
    manage("ormc_manifest", "--output", str(second), ORMC_EXAMPLE_APPS=apps, PYTHONHASHSEED="2", **NOWHERE)
    assert first.read_bytes() == second.read_bytes()
    found = json.loads(first.read_text())
    schema("manifest").validate(found)
    assert [model["label"] for model in found["models"]] == sorted(model["label"] for model in found["models"])
    assert ("nasty.Person" in {model["label"] for model in found["models"]}) == ("nasty" in apps)


def test_the_test_project_fits_the_schema(built):
    schema("manifest").validate(built)


def test_fingerprint_is_of_the_canonical_rest(built):
    written = json.loads(manifest.written(built))
    bare = {key: value for key, value in written.items() if key != "fingerprint"}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert built["fingerprint"] == hashlib.sha256(text.encode()).hexdigest()
    assert manifest.fingerprint(written) == built["fingerprint"]


def test_a_field_is_written_without_what_goes_without_saying(built):
    written = json.loads(manifest.written(built))
    schema("manifest").validate(written)
    named = {"name", "attname", "column", "kind", "class", "internal_type", "model", "concrete", "db_type"}
    order = next(model for model in written["models"] if model["label"] == "shop.Order")
    placed = field_of(order, "placed_at")
    assert named <= set(placed) and not {"relation", "opaque", "unique"} & set(placed)
    for model, short in zip(built["models"], written["models"], strict=True):
        for field, found in zip(model["fields"], short["fields"], strict=True):
            for key, value in field.items():
                assert found.get(key, value) == value or key in ("relation", "base_field", "output_field")
                assert key in found or value is None or value is False or value == []


def test_every_reference_is_to_a_model_of_the_manifest(built):
    labels = {model["label"] for model in built["models"]}
    fields = {model["label"]: {field["name"] for field in model["fields"]} for model in built["models"]}
    for model in built["models"]:
        named = [model["concrete"], model["proxy_for"], model["auto_created"]]
        named += [parent["model"] for parent in model["parents"]]
        for field in model["fields"]:
            named.append(field["model"])
            if field["relation"]:
                named += [field["relation"]["to"], field["relation"]["through"]]
        for reverse in model["reverse"]:
            named += [reverse["model"], reverse["via"]]
            assert reverse["field"] in fields[reverse["model"]]
        assert {name for name in named if name} <= labels
        assert set(model["pk"]) <= fields[model["label"]]


def test_the_shop(model):
    order = model("shop.Order")
    status = order["choices_classes"][1]
    assert (order["table"], order["schema"], order["pk"]) == ("shop_order", None, ["id"])
    assert order["ordering"] == [{"path": "-placed_at"}, {"path": "-id"}]
    assert (status["name"], status["type"]) == ("Status", "text")
    assert status["members"][1] == {"name": "PAID", "value": "paid", "label": "Paid"}
    methods = {method["name"]: method for method in manager_of(order, "objects")["methods"]}
    assert methods["open"]["source"] == "self.exclude(status__in=[Order.Status.DONE, Order.Status.CANCELLED])"
    assert methods["of"]["args"] == ["self", "customer"]
    customer = field_of(order, "customer")
    assert (customer["attname"], customer["column"], customer["db_type"]) == ("customer_id", "customer_id", "bigint")
    assert customer["relation"]["query_name"] == customer["relation"]["accessor"] == "orders"
    products = field_of(order, "products")
    assert (products["column"], products["concrete"], products["db_type"]) == (None, False, None)
    assert products["relation"]["through"] == "shop.OrderLine"
    assert (products["relation"]["through_from"], products["relation"]["through_to"]) == ("order", "product")
    assert model("shop.Customer")["properties"][0]["source"] == "self.name + ' (' + self.country + ')'"
    assert model("shop.Product")["constants"] == {"LOW_STOCK": 5, "CURRENCY": "EUR"}
    assert model("shop.Category")["ordering"][0] == {"expression": "F('position').asc(nulls_last=True)"}
    assert model("shop.Product")["admin"]["registered"]
    assert model("shop.OrderLine")["admin"] == {"registered": False, "overrides": [], "class": None, "file": None}


def test_column_types(model):
    types = {field["name"]: field["db_type"] for field in model("nasty.Gadget")["fields"]}
    assert types["id"] == "bigint"
    assert types["price"] == "numeric(12, 3)"
    assert types["name"] == "varchar(120)"
    assert types["address"] == "inet"
    assert types["lasts"] == "interval"
    assert types["moment"] == "timestamp with time zone"
    document = {field["name"]: field for field in model("nasty.Document")["fields"]}
    assert document["matrix"]["db_type"] == "integer[][]"
    assert document["matrix"]["base_field"]["base_field"]["kind"] == "IntegerField"
    assert document["days"]["size"] == 7
    assert field_of(model("nasty.Booking"), "during")["base_field"]["kind"] == "DateTimeField"
    assert field_of(model("nasty.Locker"), "person")["db_type"] == "bigint"
    assert field_of(model("nasty.City"), "country")["db_type"] == "varchar(2)"


def test_inheritance(model):
    pizzeria = model("nasty.Pizzeria")
    assert pizzeria["parents"] == [{"model": "nasty.Restaurant", "link": "base"}]
    assert pizzeria["pk"] == ["base"]
    assert field_of(pizzeria, "name")["model"] == "nasty.Place"
    assert field_of(pizzeria, "cuisine")["model"] == "nasty.Restaurant"
    assert {reverse["name"]: reverse["via"] for reverse in pizzeria["reverse"]}["bookings"] == "nasty.Place"
    celebrity = model("nasty.Celebrity")
    assert (celebrity["proxy_for"], celebrity["concrete"], celebrity["parents"]) == ("nasty.Person", "nasty.Person", [])


def test_relations_and_their_names(model):
    person = model("nasty.Person")
    friends, follows = (field_of(person, name)["relation"] for name in ("friends", "follows"))
    assert (friends["symmetrical"], follows["symmetrical"]) == (True, False)
    assert (follows["accessor"], follows["query_name"]) == ("followers", "follower")
    mentor = field_of(person, "mentor")["relation"]
    assert (mentor["hidden"], mentor["accessor"], mentor["query_name"]) == (True, None, None)
    stamper = field_of(person, "stamper")["relation"]
    assert (stamper["accessor"], stamper["query_name"]) == ("nasty_person_stamped", "stamped_person")
    members = field_of(model("nasty.Club"), "members")["relation"]
    assert (members["through"], members["through_from"], members["through_to"]) == (
        "nasty.Membership",
        "club",
        "person",
    )
    assert field_of(model("nasty.Club"), "chair")["relation"]["limit_choices_to"] == "Q(age__gte=18)"
    assert field_of(model("nasty.City"), "country")["relation"]["to_fields"] == ["code"]
    reverse = {(entry["name"], entry["kind"]): entry for entry in person["reverse"]}
    assert reverse["papers", "o2o"]["accessor"] == "passport"
    assert reverse["locker", "o2o"]["accessor"] == "locker"


def test_generic_relations(model):
    target = field_of(model("nasty.Note"), "target")
    assert (target["kind"], target["concrete"]) == ("GenericForeignKey", False)
    assert target["relation"]["kind"] == "generic_fk"
    assert (target["relation"]["ct_field"], target["relation"]["fk_field"]) == ("content_type", "object_id")
    notes = field_of(model("nasty.Person"), "notes")["relation"]
    assert (notes["kind"], notes["to"], notes["query_name"]) == ("generic_relation", "nasty.Note", "person")
    assert ("person", "generic_relation") in {(e["name"], e["kind"]) for e in model("nasty.Note")["reverse"]}


def test_tables_elsewhere(model):
    ledger = model("nasty.Ledger")
    assert (ledger["schema"], ledger["table"]) == ("nasty_books", "The Ledger")
    assert field_of(ledger, "title")["column"] == "Title of book"
    assert model("nasty.LedgerTotal")["managed"] is False
    assert model("nasty.Answer")["order_with_respect_to"] == "question"


class FinancialYear(models.Transform):
    lookup_name = "year"


def transforms_of(field):
    return {one["name"]: one["function"] for one in manifest.build()["transforms"] if one["field"] == field}


def test_registered_transforms():
    with (
        register_lookup(models.CharField, functions.MD5, functions.Reverse),
        register_lookup(models.CharField, functions.Length, lookup_name="len"),
        register_lookup(models.EmailField, functions.Upper, lookup_name="md5"),
        register_lookup(models.EmailField, FinancialYear, lookup_name="reverse"),
    ):
        assert {"md5": "MD5", "reverse": "Reverse", "len": "Length"}.items() <= transforms_of("CharField").items()
        of_mail = transforms_of("EmailField")
        assert (of_mail["md5"], of_mail["len"]) == ("Upper", "Length")
        assert "reverse" not in of_mail, "what hides it is code"
        schema("manifest").validate(manifest.build())


def test_a_transform_where_a_key_would_be_read_is_opaque():
    """JSON's lookups read any name that is not registered as a key."""
    labels = models.JSONField(name="labels")
    assert lookups.replaced(labels) is None
    with register_lookup(models.JSONField, FinancialYear, lookup_name="sales"):
        assert lookups.replaced(labels) == ("sales", FinancialYear)
    with register_lookup(models.JSONField, functions.Length):
        assert lookups.replaced(labels) is None
        assert transforms_of("JSONField")["length"] == "Length"


def test_a_field_with_a_lookup_of_the_site_is_opaque():
    placed = apps.get_model("shop.Order")._meta.get_field("placed_at")
    assert fields.describe(placed)["opaque"] is None
    with register_lookup(models.DateTimeField, FinancialYear):
        assert "FinancialYear" in fields.describe(placed)["opaque"]
    if django.VERSION >= (4, 2):  # a field of its own takes them since then
        with register_lookup(placed, FinancialYear):
            assert "FinancialYear" in fields.describe(placed)["opaque"]


def test_a_default_manager_that_relations_read_otherwise(model):
    painted, dyed = (manager_of(model(f"exotic.{name}"), "objects") for name in ("Painted", "Dyed"))
    assert painted["kind"] == dyed["kind"] == "expressible"
    assert painted["related"]["queryset"] != painted["queryset"]
    assert dyed["related"]["kind"] == "opaque"


def test_managers(model):
    exotic = model("exotic.Exotic")
    kinds = {manager["name"]: manager["kind"] for manager in exotic["managers"]}
    assert kinds == {
        "objects": "plain",
        "blue": "expressible",
        "red": "expressible",
        "small_blue": "expressible",
        "any_color": "expressible",
        "sneaky": "opaque",
        "counting": "opaque",
    }
    assert exotic["base_manager"] == "blue"
    assert manager_of(exotic, "blue")["queryset"] == "self.filter(color='b', size__lt=7)"
    assert manager_of(exotic, "red")["queryset"] == "self.filter(color='r', size__lt=7)"
    assert manager_of(exotic, "small_blue")["queryset"] == "self.filter(color='b', size__lt=7).exclude(name='r')"
    assert manager_of(exotic, "blue")["methods"][0]["source"] == "self.filter(size=1)"
    assert "overrides filter" in manager_of(exotic, "sneaky")["reason"]
    # Django makes a related manager of the class: without the colour that this one was given.
    related = manager_of(exotic, "red")["related"]
    assert (related["kind"], related["queryset"]) == ("expressible", "self.filter(color='b', size__lt=7)")
    assert "related" not in manager_of(exotic, "blue")
    alone = manager_of(exotic, "any_color")["related"]
    assert alone["kind"] == "opaque"
    assert "is not made without arguments" in alone["reason"]
    assert manager_of(model("nasty.Alive"), "guarded")["kind"] == "opaque"
    assert manager_of(model("nasty.Alive"), "objects")["queryset"] == "self.filter(deleted_at__isnull=True)"
    assert manager_of(model("auth.User"), "objects")["kind"] == "plain"


def test_methods(model):
    exotic = model("exotic.Exotic")
    methods = {method["name"]: method for method in exotic["methods"]}
    assert "helper" in methods["outside"]["opaque"]
    assert "Undefined" in methods["late"]["opaque"]
    assert methods["limit"]["source"] == "self.size < 7 and self.color == 'r'"
    assert methods["siblings"]["source"] == "Exotic.objects.filter(name=self.name)"
    assert "_private" not in methods and "static" not in methods
    assert "namedexpr" in exotic["properties"][0]["opaque"]
    user = {method["name"]: method for method in model("auth.User")["methods"]}
    assert user["get_full_name"]["source"] == "('%s %s' % (self.first_name, self.last_name)).strip()"
    assert user["get_username"]["source"] == "self.username"
    assert "set_password" in user and "opaque" in user["set_password"]


def test_permissions_are_those_of_django_s_backend(model):
    def has_perm(built):
        user = next(model for model in built["models"] if model["label"] == "auth.User")
        return next(method for method in user["methods"] if method["name"] == "has_perm")

    known = has_perm(manifest.build())
    assert (known["args"], known["defaults"]) == (["self", "perm", "obj"], {"obj": None})
    assert "self.is_superuser" in known["source"]
    with override_settings(AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.RemoteUserBackend"]):
        assert "opaque" in has_perm(manifest.build())


def test_opaque_fields(model):
    exotic = model("exotic.Exotic")
    assert field_of(exotic, "name")["opaque"] is None
    assert field_of(exotic, "name")["kind"] == "CharField"
    assert field_of(exotic, "sealed")["opaque"].startswith("from_db_value is code: tests.exotic.models:")
    assert "no built-in field" in field_of(exotic, "alien")["opaque"]
    assert field_of(exotic, "free")["relation"]["limit_choices_to"]["opaque"]
    assert field_of(model("nasty.Secretive"), "cents")["opaque"]


def test_a_lazy_name_is_plain_text(model):
    collation = field_of(model("exotic.Exotic"), "name")["db_collation"]
    assert (collation, type(collation)) == ("C", str)


def test_admin_rules(model):
    found = model("nasty.Question")["admin"]
    assert (found["class"], found["overrides"]) == ("nasty.admin.QuestionAdmin", ["get_queryset"])
    assert found["file"] == "nasty/admin.py:7"
    assert model("nasty.Person")["admin"]["overrides"] == []


def test_the_empty_choice_comes_first(model):
    (grade,) = model("exotic.Exotic")["choices_classes"]
    assert grade["members"][0] == {"name": "__empty__", "value": None, "label": "(none)"}
    assert [member["name"] for member in grade["members"]] == ["__empty__", "LOW", "HIGH"]


def test_constants_are_no_secrets(model):
    labels = {"$dict": [["S", "Small"], ["big", {"$dict": [["L", "Large"]]}]]}
    assert model("exotic.Exotic")["constants"] == {"SIZES": [1, 2, 3], "LABELS": labels}
    gadget = model("nasty.Gadget")["constants"]
    assert gadget["DEFAULT_PRICE"] == {"$decimal": "9.99"}
    assert gadget["EPOCH"] == {"$date": "2000-01-01"}


def test_expressions_in_ordering(model):
    assert model("exotic.Exotic")["ordering"] == [
        {"expression": "Lower('name').asc()"},
        {"expression": "Case(When(size=1, then=0), default=(F('size') * Value(2)))"},
    ]


def test_foreign_object(model):
    left = field_of(model("exotic.Right"), "left")
    assert (left["kind"], left["concrete"], left["column"]) == ("ForeignObject", False, None)
    assert left["relation"]["from_fields"] == ["code", "part"]


@pytest.mark.skipif(django.VERSION < (5, 0), reason="generated columns came with Django 5.0")
def test_generated_columns(model):
    total = field_of(model("exotic.Generated"), "total")
    assert total["kind"] == "GeneratedField"
    assert total["generated"] == {"expression": "(F('price') * F('amount'))"}
    assert total["output_field"]["kind"] == "DecimalField"
    assert total["db_type"] == "numeric(12, 2)"
    # django.contrib.postgres registers a lookup on IntegerField, and Django that on this column alone.
    assert field_of(model("exotic.Generated"), "double")["opaque"] is None


@pytest.mark.skipif(django.VERSION < (5, 2), reason="composite keys came with Django 5.2")
def test_composite_keys(model):
    composite = model("exotic.Composite")
    assert composite["pk"] == ["shop", "number"]
    key = field_of(composite, "pk")
    assert (key["kind"], key["concrete"], key["column"]) == ("CompositePrimaryKey", False, None)


def test_a_swapped_model_is_listed_as_such(tmp_path):
    """In a process of its own: swapping is decided when the class is made."""
    found = json.loads(
        manage(
            "ormc_manifest",
            DJANGO_SETTINGS_MODULE="tests.settings_swapped",
            **NOWHERE,
        )
    )
    schema("manifest").validate(found)
    swapped = next(model for model in found["models"] if model["label"] == "exotic.Swapped")
    assert (swapped["swapped"], swapped["managers"], swapped["default_manager"]) == ("shop.Tag", [], None)
    assert [field["name"] for field in swapped["fields"]] == ["id", "name"]  # its `tags` have no table


def test_a_site_on_another_database_is_exported_too():
    found = json.loads(manage("ormc_manifest", DJANGO_SETTINGS_MODULE="tests.settings_sqlite", **NOWHERE))
    schema("manifest").validate(found)
    assert found["database"]["vendor"] == "sqlite3"
    user = next(model for model in found["models"] if model["label"] == "auth.User")
    assert field_of(user, "date_joined")["db_type"] == "timestamp with time zone"


def test_nothing_but_django_is_needed():
    bare = str(ROOT / "tests" / "bare")
    manage("ormc_manifest", DJANGO_SETTINGS_MODULE="tests.settings_sqlite", PYTHONPATH=bare, **NOWHERE)
    manage("ormc_policy", DJANGO_SETTINGS_MODULE="tests.settings_sqlite", PYTHONPATH=bare, **NOWHERE)


@override_settings(LANGUAGE_CODE="de")
def test_labels_are_in_the_site_s_language():
    found = {one["label"]: one for one in manifest.build()["models"]}
    assert found["auth.User"]["verbose_name"] == "Benutzer"
