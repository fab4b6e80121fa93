"""The assistant's own pages in the admin."""

import pytest
from django.contrib.auth.models import Permission

from ai_assistant import models

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
