"""A site's policy, as its users meet it: rows of one's own, aggregates only, what a model is told."""

import contextlib
import io

from model_server import snippet

QUESTION = "How many people are registered?"
COUNT = "result = User.objects.count()"


@contextlib.contextmanager
def policy(**site_settings):
    """The site publishes another policy."""
    from ai_assistant import publishing
    from django.test import override_settings

    try:
        with override_settings(AI_ASSISTANT=site_settings):
            publishing.publish()
            yield
    finally:
        publishing.publish()


def grant():
    from django.core.management import call_command

    call_command("ormc_grants", "--apply", stdout=io.StringIO(), stderr=io.StringIO())


def test_values_of_masked_fields_are_not_logged(site, ormd, ann):
    with policy(MASKED=[{"field": "auth.User.email", "how": "last4"}]):
        chat = ann.new_chat()
        ann.paste("result = User.objects.filter(email='someone@example.com').count()", chat)
        ann.ask("Who has the e-mail address someone@example.com, or email 'x y'?", chat)
        ann.ask("How many users joined since 2020-01-01?", chat)
    rows = site.rows(
        f"SELECT phase, question, coalesce(snippet, '') FROM ai_assistant_querylog"
        f" WHERE chat_id = {chat} ORDER BY id"
    )
    assert len(rows) == 6
    assert "someone" not in str(rows) and "x y" not in str(rows)
    assert rows[0][1] == "result = User.objects.filter(email='…').count()"
    assert rows[-1][1].endswith("2020-01-01?"), "no masked field, no redaction"


def test_a_mask_of_superusers_is_not_everybodys(ann, ormd, token):
    from stack import Client

    root = Client(ormd, token("root"))
    emails = "result = list(User.objects.filter(username='ann').values_list('email', flat=True))"
    shown = {"field": "auth.User.email", "how": "shown", "superusers": True}
    with policy(MASKED=[shown]):
        assert root.paste(emails)["result"]["value"] == [""]
        assert ann.paste(emails)["result"]["value"] == ["***"]
    with policy(MASKED=[shown, {"field": "auth.User.email", "how": "hidden"}]):
        assert root.paste(emails)["result"]["value"] == [""]
        refused = ann.paste(emails)
        assert refused["diagnostics"][0]["code"] == "ORM202", "hidden is unknown"


def test_a_rule_for_rows_shows_each_user_their_own(ann, bob):
    names = "result = list(User.objects.values_list('username', flat=True))"
    with policy(ROWS=[{"model": "auth.User", "where": "Q(pk=user.id)"}]):
        for client, name in ((ann, "ann"), (bob, "bob")):
            assert client.paste(names)["result"]["value"] == [name]
            assert client.paste(COUNT)["result"]["value"] == 1
            page = client.paste("result = User.objects.values('username')")
            assert page["result"]["rows"] == [[name]]
    assert ann.paste(COUNT)["result"]["value"] > 2


def test_a_rule_may_read_what_is_hidden(ann):
    rule = {"model": "auth.User", "where": "Q(email='') & Q(groups__name__isnull=True)"}
    hidden = ["auth.User.email", "auth.Group", "auth.Permission"]
    try:
        with policy(HIDDEN=hidden, ROWS=[rule]):
            grant()
            assert ann.paste(COUNT)["result"]["value"] > 2, (
                "the reader may read what the rule reads"
            )
            assert ann.paste("result = User.objects.filter(email='')")["status"] == "refused"
        with policy(HIDDEN=hidden):
            refused = ann.post(f"chats/{ann.new_chat()}/snippet", {"snippet": COUNT})
            assert refused.name == "reader-unsafe", "without the rule nobody reads it"
    finally:
        grant()
    assert ann.paste(COUNT)["status"] == "ok"


def test_only_aggregates_of_large_groups_are_shown(ann):
    from django.contrib.auth.models import User

    total = User.objects.count()
    sizes = [User.objects.filter(is_staff=staff).count() for staff in (True, False)]
    by_staff = (
        "result = sum(g['n'] for g in User.objects.values('is_staff').annotate(n=Count('pk')))"
    )
    with policy(AGGREGATES_ONLY=[{"model": "auth.User", "smallest_group": total}]):
        assert ann.paste(COUNT)["result"]["value"] == total
        assert ann.paste(by_staff)["result"]["value"] == 0
        one = ann.paste("result = User.objects.filter(username='ann').count()")
        none = ann.paste("result = User.objects.filter(username='nobody').count()")
        assert one["error"]["code"] == "ORM608" and one["error"] == none["error"]
        rows = ann.paste("result = User.objects.values('username')")
        assert rows["diagnostics"][0]["code"] == "ORM410"
    with policy(AGGREGATES_ONLY=[{"model": "auth.User", "smallest_group": 2}]):
        assert ann.paste(by_staff)["result"]["value"] == sum(n for n in sizes if n > 1)


def test_a_model_is_told_less_than_its_user_sees(asker, model):
    told = {"except": ["auth.User.email"], "choices": False}
    emails = "result = User.objects.filter(email='').count()"
    with policy(TOLD=told):
        chat = asker.new_chat()
        assert asker.paste(emails, chat)["status"] == "ok", "a person may"
        model.says(snippet(emails), snippet("result = User.objects.filter(pk=1)"))
        answer = asker.ask(QUESTION, chat)
    prompt, repair = (str(request["messages"]) for request in model.requests)
    assert "email" not in prompt, "neither among the fields nor in what was pasted before"
    assert "ORM202" in repair, "what it is not told it may not use"
    assert answer["status"] == "ok"
    names = [column["name"] for column in answer["result"]["columns"]]
    assert "email" in names, "the person sees it"
