"""Each row of docs/model_failures.md: what the provider does, and what user, log and retry say."""

import contextlib
import datetime
import ipaddress
import re
import ssl

import pytest
from model_server import (
    Cut,
    Endless,
    ModelServer,
    Raw,
    Silence,
    Status,
    Streamed,
    snippet,
)
from stack import ROOT, Client, Ormd, configured

QUESTION = "How many people are registered?"
COUNT = "result = User.objects.count()"
REFUSED = "model-key-refused"
GARBAGE = "model-garbage"

NEVER_ENDING = [Silence(), Endless()]
# By the row's first cell.
CONDITIONS = {
    "HTTP 401, 403": [Status(401), Status(403)],
    "HTTP 404": [Status(404)],
    "HTTP 429": [Status(429), Status(429, retry_after="Wed, 21 Oct 2026 07:28:00 GMT")],
    "HTTP 429 with `Retry-After: 7`": [Status(429, retry_after="7")],
    "HTTP 408, 504": [Status(408), Status(504)],
    "another HTTP 5xx": [Status(500), Status(503)],
    "a redirect, another HTTP 4xx": [Status(302), Status(418), Status(400)],
    "an empty body": [Raw(b"")],
    "HTML, or JSON of another shape": [
        Raw(b"<html>"),
        Raw(b'{"choices": []}'),
        Raw(b'{"choices": [{"message": {"content": "\xff\xfe"}}]}'),
    ],
    "a body or stream that is cut": [Cut(), Streamed(("Title: x\n", "res"), end="cut")],
    "a body over `model_bytes`": [Raw(b'{"choices": "' + b"x" * (2 << 20) + b'"}')],
    "silence, or a body that never ends": NEVER_ENDING,
    "no snippet, or half of one": ["Hello, I am a model.", "```python\nresult = User.obj"],
    "`CANNOT: ...`": ["CANNOT: there are no prices; there are users."],
}


def documented():
    """{condition: [log code, name, sentence, retry]} of the document's table."""
    text = (ROOT / "docs" / "model_failures.md").read_text()
    rows = re.findall(
        r"^\| ([^|]+) \| (ORM\d+) \| `([a-z-]+)` \| ([^|]+) \| (yes|no) \|", text, re.M
    )
    return {row[0]: row[1:] for row in rows}


def cases():
    return [(condition, said) for condition, all_said in CONDITIONS.items() for said in all_said]


@pytest.mark.parametrize(("condition", "said"), cases(), ids=lambda value: str(value)[:40])
def test_a_failing_model_is_told_in_our_words(asker, model, fits, site, condition, said):
    code, name, sentence, retry = documented()[condition]
    model.says(said)
    chat = asker.new_chat()
    # Only who never answers is hurried: the others may be slow.
    hurried = configured(timeout_sec=1) if said in NEVER_ENDING else contextlib.nullcontext()
    with hurried:
        answer = asker.ask(QUESTION, chat)
    fits("answer", answer)
    error = answer["error"]
    assert (error["code"], error["name"], error["retry"]) == (code, name, retry == "yes")
    told = f"{answer['content']} {error['hint']}"
    assert sentence in told
    assert "secret words" not in str(answer) + asker.ormd.logged()
    rows = site.rows(
        f"SELECT state, error_code FROM ai_assistant_querylog WHERE chat_id = {chat} ORDER BY id"
    )
    assert rows == [["running", ""], ["refused" if name == "model-refused" else "failed", code]]


def test_every_row_has_its_test():
    unreachable = {"nobody listens, or a certificate that is not trusted", "no key is set"}
    assert set(documented()) == set(CONDITIONS) | unreachable


def test_parameters_that_are_refused_are_left_out_one_by_one(site, model, token):
    def refusal(name):
        return Status(400, f'{{"error": {{"message": "Unsupported parameter: \'{name}\'"}}}}')

    with Ormd(site, OPENAI_BASE_URL=model.base_url, OPENAI_MODEL="other") as ormd:
        client = Client(ormd, token("ann"))
        model.says(refusal("temperature"), refusal("stream_options"), snippet(COUNT))
        assert client.ask(QUESTION)["status"] == "ok"
        assert ["temperature" in request for request in model.requests] == [True, False, False]
        assert ["stream_options" in r for r in model.requests] == [True, True, False]
        model.says(snippet(COUNT))
        client.ask(QUESTION)
        assert len(model.requests) == 1 and "temperature" not in model.requests[0]


def test_without_a_key_it_is_said_who_can_set_one(ann):
    code, name, sentence, retry = documented()["no key is set"]
    error = ann.ask("zzz qqq xxx")["error"]
    assert (error["code"], error["name"], error["retry"]) == (code, name, retry == "yes")
    assert sentence in error["message"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate of 127.0.0.1 that signs itself: (context of a server, file of the authority)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder = tmp_path_factory.mktemp("authority")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "ca.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return context, certificate


@pytest.mark.parametrize("trusted", [True, False])
def test_a_certificate_is_verified(site, token, authority, trusted):
    context, certificate = authority
    with ModelServer(tls=context) as model:
        model.says(snippet(COUNT))
        environment = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": "sk-not-for-strangers"}
        if trusted:
            environment["SSL_CERT_FILE"] = str(certificate)
        with Ormd(site, **environment) as ormd:
            answer = Client(ormd, token("ann")).ask(QUESTION)
        if trusted:
            assert answer["status"] == "ok", answer
        else:
            assert answer["error"]["name"] == "model-unreachable"
            assert model.requests == [], "nothing is sent to who cannot say who they are"


def test_a_name_that_the_certificate_has_not_is_refused(site, token, authority):
    context, certificate = authority
    with ModelServer(tls=context) as model:
        model.says(snippet(COUNT))
        environment = {
            "OPENAI_BASE_URL": model.base_url.replace("127.0.0.1", "localhost"),
            "SSL_CERT_FILE": str(certificate),
        }
        with Ormd(site, **environment) as ormd:
            answer = Client(ormd, token("ann")).ask(QUESTION)
        assert answer["error"]["name"] == "model-unreachable" and model.requests == []


def test_nobody_listens(site, token):
    code, name, sentence, retry = documented()[
        "nobody listens, or a certificate that is not trusted"
    ]
    with Ormd(site, OPENAI_BASE_URL="http://127.0.0.1:9/v1") as ormd:
        answer = Client(ormd, token("ann")).ask(QUESTION)
    error = answer["error"]
    assert (error["code"], error["name"], error["retry"]) == (code, name, retry == "yes")
    assert sentence in answer["content"]
