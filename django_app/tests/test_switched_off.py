"""A site's own tests: without ormd nothing fails, and switched off nothing is left of the assistant."""

import socket

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse

pytestmark = pytest.mark.django_db
PAGES = ["admin:index", "admin:shop_order_changelist", "admin:auth_user_add"]


@pytest.fixture
def no_ormd(monkeypatch):
    """Whatever asks ormd's address fails the test."""
    connect = socket.socket.connect

    def refused(self, address):
        assert not isinstance(address, tuple) or address[1] == int(settings.DATABASES["default"]["PORT"]), address
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refused)


@pytest.mark.parametrize("page", PAGES)
def test_pages_need_no_ormd(client, boss, no_ormd, page):
    client.force_login(boss)
    assert 'id="ai-assistant"' in client.get(reverse(page)).content.decode()
    with override_settings(AI_ASSISTANT={"enabled": False}):
        assert "ai-assistant" not in client.get(reverse(page)).content.decode()


@override_settings(AI_ASSISTANT={"enabled": False})
def test_its_addresses_are_gone(client, boss, no_ormd):
    client.force_login(boss)
    assert client.post("/ai-assistant/token").status_code == 404
    assert client.get("/ai-assistant/api/chats").status_code == 404


def test_a_token_needs_no_ormd(client, boss, no_ormd):
    client.force_login(boss)
    assert client.post("/ai-assistant/token").status_code == 200
