import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT.parent / "docs" / "contract"


def schema(name):
    found = json.loads((CONTRACT / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def manage(*arguments, fails=0, **environment):
    """Runs the example site's manage.py in a process of its own, which exits with `fails`; gives its output."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "example" / "manage.py"), *arguments],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "example_site.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == fails, run.stderr
    assert "Traceback" not in run.stderr, run.stderr
    return run.stdout


@pytest.fixture(scope="session")
def built():
    """The manifest of the test project: shop, nasty and exotic."""
    from ai_assistant import manifest

    return manifest.build()


@pytest.fixture(scope="session")
def model(built):
    models = {one["label"]: one for one in built["models"]}
    return models.__getitem__


@pytest.fixture
def staff(django_user_model):
    return django_user_model.objects.create_user("ann", password="x", is_staff=True)


@pytest.fixture
def boss(django_user_model):
    return django_user_model.objects.create_superuser("boss", "boss@example.com", "x")
