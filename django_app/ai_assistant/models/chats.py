"""Chats, their messages and what hangs on a message."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Chat(models.Model):
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    title = models.CharField(_("title"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now)

    class Meta:
        verbose_name = _("chat")
        verbose_name_plural = _("chats")
        ordering = ["-updated_at", "-id"]
        indexes = [models.Index(fields=["owner", "-updated_at"], name="ai_chat_owner_updated")]
        permissions = [
            ("ask", _("Can ask the AI assistant")),
            ("paste_snippet", _("Can paste ORM snippets")),
            ("change_settings", _("Can change the AI assistant's settings")),
        ]

    def __str__(self):
        return self.title or f"#{self.pk}"


class Message(models.Model):
    class Role(models.TextChoices):
        SYSTEM = "system", _("System")
        USER = "user", _("User")
        ASSISTANT = "assistant", _("Assistant")

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="messages", verbose_name=_("chat"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    content = models.TextField(_("content"), blank=True, default="")
    reply_to = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("answers")
    )
    outcome = models.CharField(_("outcome"), max_length=12, blank=True, default="")
    snippet = models.TextField(_("snippet"), null=True, blank=True)
    program_fingerprint = models.CharField(_("program fingerprint"), max_length=64, blank=True, default="")
    frozen_now = models.DateTimeField(_("frozen clock"), null=True, blank=True)
    frozen_tz = models.CharField(_("frozen time zone"), max_length=64, blank=True, default="")
    result = models.JSONField(_("result summary"), null=True, blank=True)
    error_code = models.CharField(_("error code"), max_length=12, blank=True, default="")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]
        indexes = [models.Index(fields=["chat", "id"], name="ai_message_chat_id")]

    def __str__(self):
        return f"#{self.pk}"


class StreamEvent(models.Model):
    """What was sent to the drawer, so that a dropped stream can go on from where it was."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    seq = models.IntegerField()
    event = models.CharField(max_length=20)
    data = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("stream event")
        verbose_name_plural = _("stream events")
        constraints = [models.UniqueConstraint(fields=["message", "seq"], name="ai_streamevent_message_seq")]

    def __str__(self):
        return f"{self.message_id}/{self.seq}"


class Favorite(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200, blank=True, default="")
    question = models.TextField(blank=True, default="")
    snippet = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("favourite query")
        verbose_name_plural = _("favourite queries")
        constraints = [models.UniqueConstraint(fields=["owner", "message"], name="ai_favorite_owner_message")]

    def __str__(self):
        return self.title or self.question


class Feedback(models.Model):
    class Value(models.IntegerChoices):
        DOWN = -1, _("Thumb down")
        UP = 1, _("Thumb up")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    value = models.SmallIntegerField(choices=Value.choices)
    reason = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [models.UniqueConstraint(fields=["message", "owner"], name="ai_feedback_message_owner")]

    def __str__(self):
        return f"{self.message_id}: {self.get_value_display()}"
