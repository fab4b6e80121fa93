"""The site's own commands against a real server: the doctor, and the smoke test's five questions."""

import io
from dataclasses import replace

import pytest


@pytest.fixture
def command(ormd):
    """command("ai_assistant_doctor"): exit code and output, with Django told where ormd is."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import override_settings

    def run(name: str, *arguments: str) -> tuple[int, str]:
        said, code = io.StringIO(), 0
        url = f"http://{ormd.address}"
        with override_settings(AI_ASSISTANT={**settings.AI_ASSISTANT, "ORMD_URL": url}):
            try:
                call_command(name, *arguments, stdout=said, stderr=said)
            except SystemExit as stopped:
                code = stopped.code
        return code, said.getvalue()

    return run


def test_the_doctor_is_content(command):
    code, said = command("ai_assistant_doctor")
    assert code == 0, said
    assert "✓ ormd" in said and "○ provider" in said


def test_five_answers_are_django_s(command, site):
    code, said = command("ai_assistant_smoke")
    assert code == 0, said
    assert "5 of 5 answers are Django's" in said
    assert site.rows(
        "SELECT count(*) FROM ai_assistant_chat WHERE title = 'ai_assistant_smoke'"
    ) == [["0"]]


def test_it_asks_every_kind_of_question(site):
    from ai_assistant.operation.questions import KINDS, questions

    said = [question.snippet for question in questions()]
    assert len(said) == len(set(said)) == len(KINDS)
    for word in (".count()", "order_by('-", "Count('pk')", "__isnull", "__year"):
        assert any(word in snippet for snippet in said), word


def test_an_answer_that_differs_is_shown(command, monkeypatch):
    from ai_assistant.operation import questions

    asked = questions.questions()
    asked[1] = replace(asked[1], expected=lambda: "something else")
    asked[2] = replace(asked[2], snippet="result = Nothing.objects.count()")
    monkeypatch.setattr(questions, "questions", lambda: asked)
    code, said = command("ai_assistant_smoke")
    assert code == 1 and "3 of 5 answers are Django's" in said
    assert "Django 'something else'" in said and "(ORM2" in said


def test_it_asks_as_whom_it_is_told(command, site):
    from django.core.management import CommandError

    assert command("ai_assistant_smoke", "--user", "root")[0] == 0
    with pytest.raises(CommandError, match="no user nobody"):
        command("ai_assistant_smoke", "--user", "nobody")
