"""The audit log: rows are inserted and read, nothing else (a trigger and the store role's grants see to it)."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class QueryLog(models.Model):
    """Two rows a question: `accepted` before the model is called, `ended` when it is answered or not."""

    class Phase(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        ENDED = "ended", _("Ended")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        ANSWERED = "answered", _("Answered")
        REFUSED = "refused", _("Refused")
        CLARIFY = "clarify", _("Asked back")
        FAILED = "failed", _("Failed")
        INTERRUPTED = "interrupted", _("Interrupted")

    # No foreign keys: the log outlives its user and its chat.
    request_id = models.UUIDField(_("request"), default=uuid.uuid4)
    phase = models.CharField(_("phase"), max_length=8, choices=Phase.choices)
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    user_id = models.CharField(_("user id"), max_length=64)
    username = models.CharField(_("user name"), max_length=150, blank=True, default="")
    chat_id = models.BigIntegerField(_("chat"), null=True, blank=True)
    message_id = models.BigIntegerField(_("message"), null=True, blank=True)
    question = models.TextField(_("question"), blank=True, default="")
    snippet = models.TextField(_("snippet"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=12, blank=True, default="")
    duration_ms = models.IntegerField(_("duration, ms"), null=True, blank=True)
    rows = models.BigIntegerField(_("rows"), null=True, blank=True)
    truncated = models.BooleanField(_("truncated"), null=True, blank=True)
    error_code = models.CharField(_("error code"), max_length=12, blank=True, default="")
    error_detail = models.TextField(_("error detail, redacted"), blank=True, default="")
    model = models.CharField(_("model"), max_length=120, blank=True, default="")
    tokens_in = models.IntegerField(_("tokens in"), null=True, blank=True)
    tokens_out = models.IntegerField(_("tokens out"), null=True, blank=True)
    manifest_fingerprint = models.CharField(_("manifest"), max_length=64, blank=True, default="")
    policy_fingerprint = models.CharField(_("policy"), max_length=64, blank=True, default="")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("query log row")
        verbose_name_plural = _("query log")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["request_id", "phase"], name="ai_querylog_request_phase")]
        indexes = [
            models.Index(fields=["created_at"], name="ai_querylog_created"),
            models.Index(fields=["user_id", "created_at"], name="ai_querylog_user_created"),
        ]

    def __str__(self):
        return f"{self.request_id} {self.phase}"


class ModelCall(models.Model):
    """What left: the body of one call of the language model, byte for byte. The key is not in it."""

    # The question's, as in the log: that row says who asked.
    request_id = models.UUIDField(_("request"))
    ordinal = models.IntegerField(_("call"))
    host = models.CharField(_("base URL"), max_length=300)
    payload = models.TextField(_("payload"))
    reply = models.CharField(_("reply"), max_length=20)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("call of the model")
        verbose_name_plural = _("calls of the model")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["created_at"], name="ai_modelcall_created"),
            models.Index(fields=["request_id"], name="ai_modelcall_request"),
        ]

    def __str__(self):
        return f"{self.request_id} #{self.ordinal}"


class LogSeal(models.Model):
    """A link of the chain over the closed rows of the log: audit.py makes and verifies it."""

    row_id = models.BigIntegerField(_("log row"), unique=True)
    row_at = models.DateTimeField(_("created at"))
    facts = models.CharField(_("digest of the facts"), max_length=64)
    texts = models.CharField(_("keyed digest of person and texts"), max_length=64)
    # The key of `texts`: it goes when they go, so that nobody finds them by trying.
    salt = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("digest of the chain"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"), default=timezone.now)

    class Meta:
        verbose_name = _("seal of the log")
        verbose_name_plural = _("seals of the log")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.pk}:{self.digest}"
