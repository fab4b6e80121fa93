"""Promise 6 and the token's contract: only what Django signed, where it is looked for, while it lasts."""

import base64
import hashlib
import hmac
import json

import pytest
from stack import API, Client


def encoded(value) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(header: dict, claims: str, key: str) -> str:
    head = f"{encoded(header)}.{claims}"
    return f"{head}.{encoded(hmac.new(key.encode(), head.encode(), hashlib.sha256).digest())}"


def claims_of(token: str) -> dict:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": "k1"},
        {"alg": "RS256", "kid": "k1"},
        {"alg": "ES256", "kid": "k1"},
        {"alg": "hs256", "kid": "k1"},
        {"alg": ["HS256"], "kid": "k1"},
        {"alg": "HS256", "kid": "../../dev/null"},
        {"alg": "HS256", "kid": ""},
        {"alg": "HS256", "kid": ["k1"]},
        {"kid": "k1"},
    ],
    ids=json.dumps,
)
def test_the_header_chooses_neither_algorithm_nor_key(ormd, token, site, header):
    made = signed(header, token("ann").split(".")[1], site.token_key)
    assert Client(ormd, made).get("chats").name == "token-invalid"


def test_a_key_that_comes_with_the_token_is_not_used(ormd, token):
    header = {"alg": "HS256", "kid": "k1", "jwk": {"kty": "oct", "k": encoded(b"x" * 32)}}
    made = signed(header, token("ann").split(".")[1], "x" * 32)
    assert Client(ormd, made).get("chats").name == "token-invalid"


@pytest.mark.parametrize(
    "claim", [{"su": True}, {"sub": "1"}, {"exp": 4_000_000_000}], ids=json.dumps
)
def test_a_changed_claim_breaks_the_signature(ormd, token, claim):
    head, body, signature = token("ann").split(".")
    changed = encoded({**claims_of(f"{head}.{body}.{signature}"), **claim})
    assert Client(ormd, f"{head}.{changed}.{signature}").get("chats").name == "token-invalid"


def test_a_signature_is_not_cut_or_padded(ormd, token):
    made = token("ann")
    for wrong in (made[:-2], made + "AA", made.rpartition(".")[0] + ".", made + ".x"):
        assert Client(ormd, wrong).get("chats").name == "token-invalid"


def test_a_token_counts_only_in_its_header(ormd, token):
    made = token("ann")
    elsewhere = Client(ormd, None)
    assert elsewhere.get(f"{API}/chats?access_token={made}&token={made}").name == "token-missing"
    assert elsewhere.get("chats", Cookie=f"token={made}; Authorization=Bearer {made}").status == 401
    assert elsewhere.get("chats", **{"X-Authorization": f"Bearer {made}"}).status == 401
    assert elsewhere.get("chats", Authorization=f"Basic {made}").status == 401


def test_no_token_is_in_log_or_metrics(ormd, token):
    made = token("ann")
    Client(ormd, made).get("chats")
    Client(ormd, made[:-3]).get("chats")
    metrics = Client(ormd, None)
    assert made[-40:-3] not in ormd.logged()
    assert made[-40:-3] not in metrics.get("/healthz").text
