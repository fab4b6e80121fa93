"""Who may ask: 401 without identity, 403 without staff, 409 for an unknown manifest, 404 for what is another's."""

import base64
import json
import time

import pytest
from stack import Client


@pytest.fixture
def call(ormd):
    def make(token, **headers):
        return Client(ormd, token).get("chats", **headers)

    return make


def test_a_token_is_needed(call, fits):
    answer = call(None)
    assert (answer.status, answer.name) == (401, "token-missing")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    fits("problem", answer.json)


def test_a_good_token_is_enough(call, token, fits):
    answer = call(token("ann"))
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store, private"
    fits("chats", answer.json)


@pytest.mark.parametrize(
    "broken",
    [
        {"kid": "k9"},
        {"key": "x" * 40},
        {"algorithm": "HS512"},
        {"algorithm": "none"},
        {"aud": "another"},
        {"aud": None},
        {"exp": None},
        {"sub": ""},
        {"view": "%%"},
        {"now": time.time() + 600},
    ],
    ids=str,
)
def test_a_broken_token_is_invalid(call, token, broken):
    answer = call(token("ann", **broken))
    assert (answer.status, answer.name) == (401, "token-invalid")


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "..", "\xff.\xfe.\x80", "a" * 9000])
def test_garbage_is_invalid(call, text):
    assert call(None, Authorization=f"Bearer {text}").name == "token-invalid"


def test_an_unsigned_token_is_invalid(call, token):
    _, claims, _ = token("ann").split(".")
    header = (
        base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "k1"}).encode())
        .decode()
        .rstrip("=")
    )
    assert call(f"{header}.{claims}.").name == "token-invalid"


def test_an_old_token_is_expired(call, token):
    answer = call(token("ann", now=time.time() - 301))
    assert (answer.status, answer.name) == (401, "token-expired")


def test_only_staff_may_ask(call, token):
    answer = call(token("ann", staff=False))
    assert (answer.status, answer.name) == (403, "not-staff")


def test_an_unknown_manifest_asks_for_a_new_token(ormd, token, site):
    client = Client(ormd, token("ann", mfp="0" * 64))
    chat = client.new_chat()
    before = site.rows("SELECT count(*) FROM ai_assistant_querylog")
    answer = client.post(f"chats/{chat}/message", {"content": "How many registrations today?"})
    assert (answer.status, answer.name) == (409, "manifest-unknown")
    assert site.rows("SELECT count(*) FROM ai_assistant_querylog") == before


def test_health_needs_no_token(ormd, fits):
    client = Client(ormd, None)
    fits("health", client.get("/healthz").json)
    ready = client.get("/readyz")
    assert ready.status == 200, ready.text
    fits("ready", ready.json)


def test_metrics_are_not_on_the_public_address(ormd, ann):
    assert ann.get("/metrics").status == 404


def test_a_row_that_django_did_not_sign_is_not_used(site, ann, ormd):
    sql = "UPDATE ai_assistant_policy SET hmac = {} WHERE id = (SELECT max(id) FROM ai_assistant_policy)"
    (row,) = site.rows("SELECT hmac FROM ai_assistant_policy ORDER BY id DESC LIMIT 1") or [[None]]
    if row[0] is None:
        pytest.skip("the site has published no policy")
    from stack import Ormd

    site.rows(sql.format("repeat('0', 64)"))
    try:
        with Ormd(site) as fresh:
            client = Client(fresh, ann.token)
            answer = client.post(
                f"chats/{client.new_chat()}/message", {"content": "How many registrations today?"}
            )
            assert (answer.status, answer.name) == (503, "manifest-invalid")
            assert fresh.events("row_rejected")
    finally:
        site.rows(sql.format(f"'{row[0]}'"))
