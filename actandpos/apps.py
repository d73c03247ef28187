"""Django's handle on the book."""

from django.apps import AppConfig


class ActAndPosConfig(AppConfig):
    """Accounts, positions, orders."""

    name = "actandpos"
    verbose_name = "Activity and positions"
    default_auto_field = "django.db.models.BigAutoField"
