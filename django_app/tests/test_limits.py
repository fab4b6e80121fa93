"""Limits by name: those of the two C++ tables, and nothing else."""

import re

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.test import override_settings

from ai_assistant import limits, models

from .conftest import ROOT


def source(name):
    return (ROOT.parent / name).read_text()


def test_the_policys_are_the_compilers():
    text = source("compiler/policy/load.cpp")
    rows = re.findall(r'\{"(\w+)", &Limits::', text)
    assert sorted([*rows, *re.findall(r'name == "(\w+)"', text)]) == sorted(limits.POLICY)


def test_the_settings_are_the_servers():
    rows = re.findall(
        r"ORMD_LIMIT\((\w+), [\d']+, ([\d']+), ([\d']+), \"\w+\", kSite", source("server/limits/limits.def")
    )
    assert {name: (number(least), number(most)) for name, least, most in rows} == limits.SETTINGS_BOUNDS


def number(text):
    return int(text.replace("'", ""))


@override_settings(AI_ASSISTANT={"HIDEN": [], "hidden": [], "LIMITS": {"max_row": 5, "joins": 0, "in_list": 9}})
def test_checks_refuse_what_nothing_reads():
    found = {message.msg: message for message in run_checks(tags=["ai_assistant"]) if message.level >= 40}
    assert [message.id for message in found.values()] == ["ai_assistant.E006", "ai_assistant.E007", "ai_assistant.E007"]
    assert found["AI_ASSISTANT has no setting 'HIDEN'."].hint == "Did you mean 'HIDDEN'?"
    assert "AI_ASSISTANT['LIMITS']: There is no limit 'max_row'. Did you mean 'max_rows'?" in found
    assert any("'joins' is a whole number from 1 to 2147483647, not 0" in sentence for sentence in found)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"question_per_minute": 5}, "Did you mean 'questions_per_minute'?"),
        ({"rows": 5}, "Known are export_rows"),
        ({"export_rows": "many"}, "a whole number from 1 to 10000000, not 'many'"),
        ({"export_rows": True}, "not True"),
        ([], "an object of names and numbers"),
    ],
)
def test_the_settings_page_refuses_them(given, words):
    with pytest.raises(ValidationError) as error:
        models.AIConfig(limits=given).full_clean()
    assert words in " ".join(error.value.message_dict["limits"])


def test_the_settings_page_takes_good_ones():
    models.AIConfig(limits={"export_rows": 5}).clean()
