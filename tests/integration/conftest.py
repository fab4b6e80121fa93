import json
from pathlib import Path

import pytest
from model_server import ModelServer
from stack import ORMD, ROOT, Client, Ormd, Site

REGISTRATIONS = "result = User.objects.filter(date_joined__date=timezone.localdate()).count()"


def pytest_collection_modifyitems(items):
    if not ORMD.exists():
        pytest.exit(f"no {ORMD}: run `make build`, or say ORMD=path", returncode=2)


@pytest.fixture(scope="session")
def site():
    made = Site()
    try:
        made.start()
        populate()
        yield made
    finally:
        made.remove()


def populate():
    from ai_assistant.models import AIConfig, VerifiedQuery
    from django.contrib.auth.models import Permission, User

    User.objects.create_superuser("root", password="x")
    for name in ("ann", "bob"):
        user = User.objects.create_user(name, password="x", is_staff=True)
        user.user_permissions.add(Permission.objects.get(codename="view_user"))
    User.objects.create_user("123456", password="x")
    VerifiedQuery.objects.create(
        question="How many registrations today?",
        snippet=REGISTRATIONS,
        explanation="Users who joined today.",
    )
    VerifiedQuery.objects.create(
        question="How many users joined since {{day}}?",
        snippet="result = User.objects.filter(date_joined__date__gte={{day}}).count()",
        slots=[{"name": "day", "type": "date"}],
    )
    VerifiedQuery.objects.create(
        question="How many groups are there?", snippet="result = Group.objects.count()"
    )
    # A scripted model is slow where the machine is; a test of silence sets a timeout of its own.
    AIConfig(limits={"questions_per_minute": 100000}, timeout_sec=100).save()


@pytest.fixture(scope="session")
def ormd(site):
    """A server without a model."""
    with Ormd(site) as running:
        yield running


@pytest.fixture(scope="session")
def token(site):
    """token("ann") as Django makes it; more arguments override its claims."""
    import jwt
    from ai_assistant import tokens
    from django.contrib.auth.models import User

    def make(name: str, *, kid="k1", key=None, algorithm="HS256", now=None, **claims) -> str:
        import time

        made = {**tokens.claims(User.objects.get(username=name), int(now or time.time())), **claims}
        made = {k: v for k, v in made.items() if v is not None}
        secret = "" if algorithm == "none" else key or site.token_key
        return jwt.encode(made, secret or None, algorithm=algorithm, headers={"kid": kid})

    return make


# A token lives five minutes, which all the tests together may not: each test has its own.
@pytest.fixture
def ann(ormd, token):
    return Client(ormd, token("ann"))


@pytest.fixture
def bob(ormd, token):
    return Client(ormd, token("bob"))


@pytest.fixture(scope="session")
def model():
    with ModelServer() as running:
        yield running


@pytest.fixture(scope="session")
def modelled(site, model):
    """A server with a model."""
    environment = {
        "OPENAI_BASE_URL": model.base_url,
        "OPENAI_API_KEY": "sk-test-key",
        "OPENAI_MODEL": "stub",
    }
    with Ormd(site, **environment) as running:
        yield running


@pytest.fixture
def asker(modelled, token):
    return Client(modelled, token("ann"))


@pytest.fixture(scope="session")
def fits():
    """fits("answer", document): it has the shape of docs/contract/http.schema.json."""
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    folder: Path = ROOT / "docs" / "contract"
    schemas = {
        n: json.loads((folder / n).read_text()) for n in ("http.schema.json", "events.schema.json")
    }
    registry = Registry().with_resources(
        [(n, Resource.from_contents(s)) for n, s in schemas.items()]
    )

    def check(definition: str, document) -> None:
        reference = (
            "events.schema.json"
            if definition == "event"
            else f"http.schema.json#/$defs/{definition}"
        )
        Draft202012Validator({"$ref": reference}, registry=registry).validate(document)

    return check
