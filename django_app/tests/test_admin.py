"""The assistant's own pages in the admin."""

import html

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import override_settings

from ai_assistant import models
from ai_assistant.admin import register
from ai_assistant.operation import process

pytestmark = pytest.mark.django_db
URL = "/admin/ai_assistant/aiconfig/1/change/"
FORM = {
    "enabled": "on",
    "provider": "openai",
    "base_url": "https://api.openai.com/v1",
    "model": "gpt-4o-mini",
    "temperature": "0.3",
    "max_tokens": "800",
    "timeout_sec": "30",
    "profiles": "{}",
    "limits": "{}",
}


def test_a_key_goes_in_and_never_comes_out(client, boss):
    client.force_login(boss)
    assert client.get("/admin/ai_assistant/aiconfig/")["Location"] == URL
    assert client.post(URL, {**FORM, "new_api_key": "sk-abcdefgh-9876"}).status_code == 302
    page = client.get(URL).content.decode()
    assert "…9876" in page and "abcdefgh" not in page
    assert client.post(URL, FORM).status_code == 302
    assert models.AIConfig.objects.get().api_key_masked == "…9876"
    moved = client.post(URL, {**FORM, "base_url": "https://elsewhere.example/v1"})
    assert moved.status_code == 200 and "entered anew" in moved.content.decode()
    assert client.post(URL, {**FORM, "remove_api_key": "on"}).status_code == 302
    assert models.AIConfig.objects.get().api_key == ""


def test_a_key_that_is_lost(client, boss):
    config = models.AIConfig.load()
    config.set_api_key("sk-abcdefgh-9876")
    config.save()
    client.force_login(boss)
    with override_settings(AI_ASSISTANT={"SECRET": "another " * 8}):
        assert "enter the key again" in client.get(URL).content.decode()
        assert client.post(URL, {**FORM, "new_api_key": "sk-new-4321"}).status_code == 302
        assert "…4321" in client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("answer", "level", "words"),
    [
        ((200, {"ok": True, "message": "The model answers.", "hint": ""}), "success", "The model answers."),
        ((200, {"ok": False, "message": "The key is refused.", "hint": "Enter a valid key."}), "error", "a valid key."),
        ((429, {"title": "Too many questions", "detail": ""}), "error", "Too many questions"),
        ((502, "<html>"), "error", "HTTP 502"),
        (OSError(), "error", "cannot be reached"),
    ],
)
def test_the_check_button(client, boss, monkeypatch, answer, level, words):
    asked = []

    def get(url, path, **headers):
        asked.append((path, headers["Authorization"].split()[0]))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(process, "get", get)
    client.force_login(boss)
    models.AIConfig.load().save()
    action = "/admin/ai_assistant/aiconfig/check/"
    assert f'<form method="post" action="{action}">' in client.get(URL).content.decode()
    page = client.post(action, follow=True).content.decode()
    assert f'<li class="{level}">' in page and words in html.unescape(page)
    assert asked == [("/ai-assistant/api/settings/check", "Bearer")]
    assert client.get(action).status_code == 405


def test_the_check_is_for_superusers(client, staff):
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="ai_assistant"))
    client.force_login(staff)
    assert client.post("/admin/ai_assistant/aiconfig/check/").status_code == 403


def test_a_site_of_the_project_s_own():
    office = admin.AdminSite("office")
    register(office)
    register(office)
    assert office.is_registered(models.AIConfig) and not office.is_registered(Permission)


def test_settings_are_for_superusers(client, staff):
    models.AIConfig.load().save()
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="ai_assistant"))
    client.force_login(staff)
    assert client.get(URL).status_code == 403


def test_the_log_is_to_be_read(client, boss):
    row = models.QueryLog.objects.create(phase="ended", state="answered", user_id="1", question="How many?")
    client.force_login(boss)
    assert "How many?" in client.get("/admin/ai_assistant/querylog/").content.decode()
    page = client.get(f"/admin/ai_assistant/querylog/{row.pk}/change/").content.decode()
    assert 'name="_save"' not in page and "deletelink" not in page
    assert client.get("/admin/ai_assistant/querylog/add/").status_code == 403


def test_all_lists_open(client, boss):
    client.force_login(boss)
    names = "chat manifest policy verifiedquery glossaryterm favorite feedback job streamevent"
    for name in names.split():
        assert client.get(f"/admin/ai_assistant/{name}/").status_code == 200, name


def test_verified_by_whom(client, boss):
    client.force_login(boss)
    values = {"question": "How many?", "snippet": "result = 1", "slots": "[]", "enabled": "on", "explanation": ""}
    assert client.post("/admin/ai_assistant/verifiedquery/add/", values).status_code == 302
    assert models.VerifiedQuery.objects.get().verified_by == boss
