"""The token: who gets one, and what it says."""

import base64

import jwt
import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client, override_settings
from django.urls import reverse

from ai_assistant import conf, models, rights, tokens

from .conftest import schema

pytestmark = pytest.mark.django_db
URL = "/ai-assistant/token"


def claims_of(response):
    body = response.json()
    assert body["expires_in"] == 300
    assert response["Cache-Control"] == "no-store, private"
    header = jwt.get_unverified_header(body["token"])
    kid, key = next(iter(conf.token_keys().items()))
    assert header["kid"] == kid
    claims = jwt.decode(body["token"], key, algorithms=["HS256"], audience="ormd")
    schema("token").validate({"header": header, "claims": claims})
    return claims


def viewed(claims, labels):
    text = claims["view"]
    bits = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert len(bits) == (len(labels) + 7) // 8
    return [label for index, label in enumerate(labels) if bits[index // 8] >> (index % 8) & 1]


def test_the_address_is_the_contract_s():
    assert reverse("ai_assistant:token") == URL


def test_staff_get_what_they_may_view(client, staff, built):
    staff.groups.add(Group.objects.create(name="Sales"), Group.objects.create(name="Art"))
    staff.user_permissions.add(
        Permission.objects.get(codename="view_order"),
        Permission.objects.get(codename="change_user"),
        Permission.objects.get(codename="ask"),
    )
    client.force_login(staff)
    claims = claims_of(client.post(URL))
    labels = [model["label"] for model in built["models"]]
    assert viewed(claims, labels) == ["auth.User", "shop.Order"]
    assert (claims["sub"], claims["name"], claims["su"]) == (str(staff.pk), "ann", False)
    assert (claims["groups"], claims["perms"]) == (["Art", "Sales"], ["ask", "paste_snippet"])
    assert (claims["tz"], claims["lang"], claims["mfp"]) == ("Europe/Berlin", "en", built["fingerprint"])
    assert claims["exp"] - claims["iat"] == 300


def test_superusers_view_all(client, boss, built):
    client.force_login(boss)
    claims = claims_of(client.post(URL))
    labels = [model["label"] for model in built["models"]]
    assert claims["su"] and viewed(claims, labels) == labels


def test_the_documented_bits():
    labels = [f"a.M{number}" for number in range(10)]
    assert rights.bits(labels, {"a.M0", "a.M1", "a.M9"}) == b"\x03\x02"


@pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_staff": True, "is_active": False}])
def test_others_get_none(client, staff, fields):
    for name, value in fields.items():
        setattr(staff, name, value)
    staff.save()
    client.force_login(staff)
    response = client.post(URL)
    # An inactive user has no session at all.
    assert response.status_code == (403 if staff.is_active else 401)
    assert response["Content-Type"] == "application/problem+json"


def test_anonymous_get_none(client):
    assert client.post(URL).status_code == 401
    assert client.get(URL).status_code == 405


def test_csrf_is_checked(staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    assert client.post(URL).status_code == 403
    client.get("/admin/")
    token = client.cookies["csrftoken"].value
    assert client.post(URL, HTTP_X_CSRFTOKEN=token).status_code == 200


@override_settings(AI_ASSISTANT={"ASK_PERMISSION": True})
def test_a_site_may_ask_for_the_permission(client, staff):
    client.force_login(staff)
    assert client.post(URL).status_code == 403
    staff.user_permissions.add(Permission.objects.get(codename="ask"))
    assert client.post(URL).status_code == 200


@override_settings(AI_ASSISTANT={"ENABLED": False})
def test_switched_off(client, boss):
    client.force_login(boss)
    assert client.post(URL).status_code == 404


@override_settings(AI_ASSISTANT={"TOKEN_KEYS": {"k2": "n" * 32, "k1": "o" * 32}})
def test_the_first_key_signs(client, boss):
    client.force_login(boss)
    claims_of(client.post(URL))


def test_without_a_key_it_says_so(client, boss, monkeypatch):
    monkeypatch.delenv("ORMC_TOKEN_KEY")
    client.force_login(boss)
    assert client.post(URL).json()["name"] == "no-token-key"


def test_another_manifest_is_published_than_ours(boss):
    """In a rolling deploy the token speaks about the row that is there."""
    row = models.Manifest.objects.get()
    models.Manifest.objects.update(fingerprint="0" * 64, body='{"models":[{"label":"a.B"},{"label":"shop.Order"}]}')
    assert tokens.claims(boss, 0)["mfp"] == "0" * 64
    assert viewed(tokens.claims(boss, 0), ["a.B", "shop.Order"]) == ["a.B", "shop.Order"]
    row.delete()
    models.Manifest.objects.all().delete()
    assert tokens.claims(boss, 0)["mfp"] == ""
