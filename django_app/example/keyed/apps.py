from django.apps import AppConfig


class KeyedConfig(AppConfig):
    name = "keyed"
    verbose_name = "Composite keys"
    default_auto_field = "django.db.models.BigAutoField"
