"""Rotation of the shared secret: two are known at a time, the first seals and signs."""

import pytest
from django.test import override_settings

from ai_assistant import models, publishing, secrets
from ai_assistant.operation import process

from . import operation

pytestmark = pytest.mark.django_db
OLD, NEW = "old secret " * 4, "new secret " * 4


def known(**kids):
    return override_settings(AI_ASSISTANT={"SECRETS": kids})


@pytest.fixture
def sealed():
    """A site whose rows are of the old secret."""
    with known(k1=OLD):
        publishing.publish()
        config = models.AIConfig.load()
        config.set_api_key("sk-abcdefgh-9876")
        config.save()


def signed(row, kind):
    return secrets.verify(kind, row.fingerprint, row.body, row.hmac)


def test_the_old_one_may_go_after_it(sealed):
    with known(k2=NEW, k1=OLD):
        code, said = operation.run("ai_assistant_rotate")
        assert code == 0, said
        assert "signed with k2" in said and "k1 may be taken out" in said
    with known(k2=NEW):
        config = models.AIConfig.objects.get()
        assert config.api_key.startswith("k2.") and config.api_key_masked == "…9876"
        assert secrets.verify("config", "1", config.body, config.hmac) and '"k2.' in config.body
        assert all(signed(row, "manifest") for row in models.Manifest.objects.all())
        assert all(signed(row, "policy") for row in models.Policy.objects.all())


def test_before_it_both_are_good(sealed):
    with known(k2=NEW, k1=OLD):
        config = models.AIConfig.objects.get()
        assert config.api_key_masked == "…9876" and secrets.verify("config", "1", config.body, config.hmac)
        assert secrets.encrypt("x", "c").startswith("k2.")


def test_a_lost_one_is_said(sealed):
    with known(k2=NEW):
        code, said = operation.run("ai_assistant_rotate")
    assert code == 1 and "not signed by this site" in said


def test_a_key_of_a_lost_one_is_said(sealed):
    config = models.AIConfig.objects.get()
    with known(k9=NEW):
        config.set_api_key("sk-1")
    with known(k1=OLD):
        config.save()
    with known(k2=NEW, k1=OLD):
        code, said = operation.run("ai_assistant_rotate")
    assert code == 1 and "sealed with k9, which is not here: enter the key again" in said


def test_it_vouches_for_nothing_that_another_wrote(sealed):
    """A row that was changed in the database is as unsigned after it as before."""
    models.AIConfig.objects.update(base_url="https://elsewhere.example")
    models.Policy.objects.update(body="{}")
    with known(k2=NEW, k1=OLD):
        code, said = operation.run("ai_assistant_rotate")
        assert code == 1 and "✗ settings" in said and "✗ policy" in said
        assert not any(signed(row, "policy") for row in models.Policy.objects.all())
        assert models.AIConfig.objects.get().api_key.startswith("k1.")


def test_from_the_environment(monkeypatch):
    monkeypatch.setenv("ORMC_SECRETS", f"k2:{NEW},k1:{OLD}")
    assert secrets.secrets() == {"k2": NEW, "k1": OLD} and secrets.secret() == NEW
    monkeypatch.delenv("ORMC_SECRETS")
    monkeypatch.setenv("ORMC_SECRET", OLD)
    assert secrets.secrets() == {"k1": OLD}


def test_ormd_is_told_all_of_them(monkeypatch):
    for name in ("ORMD_READER_DSN", "ORMD_STORE_DSN"):
        monkeypatch.setenv(name, "x")
    with known(k2="b", k1="a"):
        assert process.variables()["ORMC_SECRETS"] == "k2:b,k1:a"
