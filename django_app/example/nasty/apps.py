from django.apps import AppConfig
from django.db import models
from django.db.models import functions


class NastyConfig(AppConfig):
    name = "nasty"
    verbose_name = "Nasty schema"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Django's functions as transforms, as its documentation shows."""
        models.CharField.register_lookup(functions.Length)
        models.CharField.register_lookup(functions.Lower)
        models.IntegerField.register_lookup(functions.Abs, lookup_name="size")
