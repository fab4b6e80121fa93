"""The manifest of the moment: a test changes settings, options and installed apps while it runs."""

from __future__ import annotations

import contextlib
from pathlib import Path

import encode
from ai_assistant import manifest
from django.apps import apps
from django.conf import settings


class Manifests:
    def __init__(self, output: Path):
        self.output = output
        self.files: dict[tuple, str] = {}
        self.hidden: dict[str, dict] = {}

    def now(self) -> str:
        """The file of what holds now; rows are encoded from here on without what it hides."""
        with all_apps():
            key = of_the_moment()
            if key not in self.files:
                file = self.output / f"manifest-{len(self.files)}.json"
                built = manifest.build()
                file.write_text(manifest.written(built))
                self.files[key] = file.name
                self.hidden[file.name] = hidden_fields(built)
        name = self.files[key]
        encode.HIDDEN_FIELDS.clear()
        encode.HIDDEN_FIELDS.update(self.hidden[name])
        return name


@contextlib.contextmanager
def all_apps():
    """`available_apps` of a test leaves apps out that its models point to."""
    available = apps.app_configs
    if not apps.stored_app_configs:
        yield
        return
    apps.app_configs = {**apps.stored_app_configs[0], **available}
    apps.clear_cache()
    try:
        yield
    finally:
        apps.app_configs = available
        apps.clear_cache()


def of_the_moment() -> tuple:
    """What a manifest tells and a test may change while it runs."""
    options = [model._meta for model in apps.get_models()]
    return (
        *(settings.USE_TZ, settings.TIME_ZONE, settings.AUTH_USER_MODEL),
        tuple(settings.AUTHENTICATION_BACKENDS),
        repr(manifest.lookups.transforms()),
        *((one.label, repr(one.ordering), repr(one.get_latest_by)) for one in options),
        *((one.base_manager_name, one.default_manager_name) for one in options),
    )


def hidden_fields(built: dict) -> dict[str, set[str]]:
    """What the default policy hides, and what only code can read."""
    user = apps.get_model(settings.AUTH_USER_MODEL)._meta.label  # settings may write it in any case
    hidden = {user: {"password"}, "auth.User": {"password"}}
    for model in built["models"]:
        for one in model["fields"]:
            if one["opaque"]:
                hidden.setdefault(model["label"], set()).add(one["name"])
    return hidden
