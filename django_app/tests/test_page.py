"""The drawer on the admin's pages: where it is, where it is not, and what it is told."""

import html
import json
import re

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.urls import resolve

from ai_assistant import placement
from ai_assistant.middleware import AssistantMiddleware

pytestmark = pytest.mark.django_db
MARK = b'<div id="ai-assistant"'


def attributes(page):
    tag = re.search(r'<div id="ai-assistant"([^>]*)>', page)[1]
    return {name: html.unescape(value) for name, value in re.findall(r' data-([a-z-]+)="([^"]*)"', tag)}


def test_staff_get_the_drawer_on_every_admin_page(client, boss):
    client.force_login(boss)
    for url in ("/admin/", "/admin/shop/order/", "/admin/shop/order/add/", "/admin/password_change/"):
        page = client.get(url).content.decode()
        assert page.count("drawer/frame.css") == page.count("main.js") == page.count('id="ai-assistant"') == 1, url
        head, body = page.split("</head>")
        for name in placement.STYLES:
            assert f'<link rel="stylesheet" href="/static/ai_assistant/drawer/{name}.css">' in head
        assert '<script type="module" src="/static/ai_assistant/drawer/main.js"></script></body>' in body


def test_what_the_drawer_is_told(client, boss):
    client.force_login(boss)
    found = attributes(client.get("/admin/").content.decode())
    assert found["token-url"] == "/ai-assistant/token"
    assert found["api-base"] == "/ai-assistant/api"
    assert (found["lang"], found["time-zone"], found["user"]) == ("en", "Europe/Berlin", str(boss.pk))
    assert found["settings-url"] == "/admin/ai_assistant/aiconfig/"
    assert found["login-url"] == "/admin/login/"
    assert found["csrf-cookie"] == "csrftoken" and found["csrf-token"]
    templates = json.loads(found["change-urls"])
    assert templates["shop.Order"] == "/admin/shop/order/__pk__/change/"
    assert "shop.OrderLine" not in templates and "ai_assistant.Chat" not in templates


def test_staff_without_rights_get_no_addresses(client, staff):
    client.force_login(staff)
    found = attributes(client.get("/admin/").content.decode())
    assert json.loads(found["change-urls"]) == {}
    assert "settings-url" not in found


def test_the_csrf_token_works(boss, settings):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(boss)
    token = attributes(client.get("/admin/").content.decode())["csrf-token"]
    assert client.post("/ai-assistant/token", HTTP_X_CSRFTOKEN=token).status_code == 200


def test_no_drawer_for_others(client, staff):
    assert MARK not in client.get("/admin/login/").content
    client.force_login(staff)
    assert MARK not in client.get("/admin/shop/order/?_popup=1").content
    staff.is_staff = False
    staff.save()
    assert MARK not in client.get("/admin/", follow=True).content


@override_settings(AI_ASSISTANT={"ENABLED": False})
def test_no_drawer_when_switched_off(client, boss):
    client.force_login(boss)
    assert MARK not in client.get("/admin/").content


def passed(boss, response, path="/admin/"):
    request = RequestFactory().get(path)
    request.user, request.resolver_match = boss, resolve(path)
    return AssistantMiddleware(lambda request: response)(request)


PAGE = "<html><head></head><body>x</body></html>"


def test_length_and_charset_stay_right(boss):
    response = HttpResponse("<html><head></head><body>ü</BODY ></html>", charset="latin-1")
    response["Content-Length"] = str(len(response.content))
    found = passed(boss, response)
    assert MARK in found.content and "ü".encode("latin-1") in found.content
    assert int(found["Content-Length"]) == len(found.content)


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(PAGE, content_type="application/json"),
        HttpResponse(PAGE, headers={"Content-Encoding": "gzip"}),
        HttpResponse("<body></body>"),
        HttpResponse("no page"),
    ],
)
def test_what_is_no_page_is_left_alone(boss, response):
    before = response.content
    assert passed(boss, response).content == before


def test_streams_and_other_sites_are_left_alone(boss):
    stream = StreamingHttpResponse([PAGE])
    assert passed(boss, stream) is stream and b"".join(stream.streaming_content) == PAGE.encode()
    assert MARK not in passed(boss, HttpResponse(PAGE), "/ai-assistant/jsi18n/").content


def test_a_theme_s_tags(boss):
    request = RequestFactory().get("/admin/")
    request.user, request.resolver_match = boss, resolve("/admin/")
    template = Template("{% load ai_assistant %}{% ai_assistant_button %}<head></head>{% ai_assistant %}</body>")
    page = template.render(Context({"request": request}))
    assert "data-ai-assistant-button" in page and page.count('id="ai-assistant"') == 1
    response = AssistantMiddleware(lambda request: HttpResponse(page))(request)
    assert response.content.decode() == page


def test_the_catalogue_of_words(client):
    response = client.get("/ai-assistant/jsi18n/")
    assert response.status_code == 200 and b"gettext" in response.content
