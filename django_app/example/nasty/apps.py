from django.apps import AppConfig


class NastyConfig(AppConfig):
    name = "nasty"
    verbose_name = "Nasty schema"
    default_auto_field = "django.db.models.BigAutoField"
