"""What people of the site have vouched for: verified queries and the words of the business."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class VerifiedQuery(models.Model):
    question = models.CharField(_("question"), max_length=300, unique=True)
    snippet = models.TextField(_("snippet"))
    slots = models.JSONField(
        _("slots"),
        default=list,
        blank=True,
        help_text=_('A list of {"name", "type": date|number|choice, "choices"?}; {{name}} stands in both texts.'),
    )
    explanation = models.TextField(_("what it looks up"), blank=True, default="")
    enabled = models.BooleanField(_("enabled"), default=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified at"), default=timezone.now)

    class Meta:
        verbose_name = _("verified query")
        verbose_name_plural = _("verified queries")
        ordering = ["question"]

    def __str__(self):
        return self.question


class GlossaryTerm(models.Model):
    term = models.CharField(_("term"), max_length=120, unique=True)
    synonyms = models.JSONField(_("synonyms"), default=list, blank=True)
    meaning = models.TextField(_("meaning"), blank=True, default="")
    model = models.CharField(_("model"), max_length=200, blank=True, default="", help_text="app.Model")
    expression = models.TextField(_("expression"), blank=True, default="")

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = ["term"]

    def __str__(self):
        return self.term
