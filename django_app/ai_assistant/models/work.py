"""Rows by which several servers work together: limits, retries and jobs."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RateWindow(models.Model):
    """Questions of one user in one window; counted by one upsert."""

    user_id = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    count = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("rate window")
        verbose_name_plural = _("rate windows")
        constraints = [models.UniqueConstraint(fields=["user_id", "window_start"], name="ai_ratewindow_user_start")]

    def __str__(self):
        return f"{self.user_id}: {self.count}"


class IdempotencyKey(models.Model):
    """A question that may be sent again: which message it became. Forgotten after a day."""

    user_id = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    message_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="ai_idempotencykey_user_key")]

    def __str__(self):
        return self.key


class Job(models.Model):
    """Taken with FOR UPDATE SKIP LOCKED, by polling."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    user_id = models.CharField(max_length=64, blank=True, default="")
    run_at = models.DateTimeField(default=timezone.now)
    attempts = models.IntegerField(default=0)
    locked_by = models.CharField(max_length=100, blank=True, default="")
    locked_until = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    error_code = models.CharField(max_length=12, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "run_at"], name="ai_job_state_run_at")]

    def __str__(self):
        return f"{self.kind} #{self.pk}"
