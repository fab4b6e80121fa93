"""The one settings record. Its columns are for the admin; `ormd` reads `body`, which is signed."""

import json

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import limits, secrets


class AIConfig(models.Model):
    SINGLETON = 1
    CONTEXT = "ai_assistant_aiconfig.api_key"
    SETTINGS = [
        "enabled",
        "provider",
        "base_url",
        "api_key",
        "model",
        "temperature",
        "max_tokens",
        "timeout_sec",
        "profiles",
        "limits",
    ]

    enabled = models.BooleanField(_("enabled"), default=True)
    provider = models.CharField(_("provider"), max_length=40, default="openai")
    base_url = models.CharField(_("base URL"), max_length=300, blank=True, default="https://api.openai.com/v1")
    api_key = models.TextField(_("API key, encrypted"), blank=True, default="")
    model = models.CharField(_("model"), max_length=120, blank=True, default="gpt-4o-mini")
    temperature = models.FloatField(
        _("temperature"), default=0.2, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    max_tokens = models.PositiveIntegerField(_("max tokens"), default=800)
    timeout_sec = models.PositiveIntegerField(_("timeout, seconds"), default=30)
    profiles = models.JSONField(_("profiles"), default=dict, blank=True)
    limits = models.JSONField(_("limits"), default=dict, blank=True)
    body = models.TextField(editable=False, default="")
    hmac = models.CharField(max_length=64, editable=False, default="")
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("settings")
        verbose_name_plural = _("settings")

    def __str__(self):
        return "AI assistant"

    def clean(self):
        found = limits.wrong(self.limits, limits.SETTINGS_BOUNDS)
        if found:
            raise ValidationError({"limits": found})

    def save(self, *args, **kwargs):
        self.pk = self.SINGLETON
        self.body = self.canonical()
        self.hmac = secrets.sign("config", "1", self.body)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "body", "hmac", "updated_at"}
        super().save(*args, **kwargs)

    def canonical(self):
        """What ormd reads."""
        settings = {name: getattr(self, name) for name in self.SETTINGS}
        return json.dumps(settings, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def load(cls):
        return cls.objects.filter(pk=cls.SINGLETON).first() or cls(pk=cls.SINGLETON)

    def set_api_key(self, plain):
        """Keeps the key encrypted; an empty one removes it."""
        self.api_key = secrets.encrypt(plain, self.CONTEXT) if plain else ""

    def open_api_key(self):
        """The key, or "" where none is stored; secrets.Unreadable where it cannot be opened any more."""
        return secrets.decrypt(self.api_key, self.CONTEXT) if self.api_key else ""

    @property
    def api_key_masked(self):
        try:
            key = self.open_api_key()
        except secrets.Unreadable:
            return "?"
        return f"…{key[-4:]}" if key else ""
