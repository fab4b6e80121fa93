"""Connections to the provider: kept from one call to the next, and replaced when the provider has ended them."""

import pytest
from model_server import ModelServer, Parting, Silence, Status, Streamed, snippet
from stack import Client, Ormd, configured

COUNT = snippet("result = User.objects.count()")
QUESTIONS = 20


@pytest.fixture
def provider():
    with ModelServer() as running:
        yield running


@pytest.fixture
def client(site, token, provider):
    environment = {"OPENAI_BASE_URL": provider.base_url, "OPENAI_MODEL": "stub"}
    with Ormd(site, **environment) as running:
        yield Client(running, token("ann"))


def statuses(client, questions):
    chat = client.new_chat()
    return {
        client.ask(f"How many people are there, {n}?", chat)["status"] for n in range(questions)
    }


@pytest.mark.parametrize(
    "said", [COUNT, Streamed((COUNT[:20], COUNT[20:]))], ids=["whole", "streamed"]
)
def test_calls_share_a_connection(client, provider, said):
    provider.says(said)
    assert statuses(client, QUESTIONS) == {"ok"}
    assert len(provider.requests) == QUESTIONS
    # The end of a stream may be read later than the next question comes.
    assert provider.connections < QUESTIONS // 2


def test_a_connection_that_the_provider_ended_fails_no_question(client, provider):
    provider.says(Parting(COUNT))
    assert statuses(client, QUESTIONS) == {"ok"}
    assert len(provider.requests) == QUESTIONS


def test_an_error_leaves_a_usable_connection(client, provider):
    provider.says(Status(500), COUNT)
    assert client.ask("How many?")["status"] == "error"
    assert client.ask("How many?")["status"] == "ok"
    assert provider.connections == 1


def test_a_connection_that_fell_silent_is_not_used_again(client, provider):
    provider.says(Silence(), COUNT)
    with configured(timeout_sec=1):
        assert client.ask("How many?")["error"]["name"] == "model-timeout"
    assert client.ask("How many?")["status"] == "ok"
    assert provider.connections == 2
