"""What Django publishes for `ormd`: texts under their fingerprint, each with an HMAC that `ormd` checks."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Published(models.Model):
    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    body = models.TextField(_("body"))
    hmac = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("published at"), default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self):
        return self.fingerprint[:12]


class Manifest(Published):
    class Meta:
        verbose_name = _("manifest")
        verbose_name_plural = _("manifests")
        ordering = ["-created_at", "-id"]


class Policy(Published):
    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["-created_at", "-id"]
