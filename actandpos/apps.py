"""Django's handle on the book."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ActAndPosConfig(AppConfig):
    """Accounts, positions, orders."""

    name = "actandpos"
    verbose_name = "Activity and positions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the statement's pages in the admin, which looks for `admin` alone by itself."""
        autodiscover_modules("statement_admin")
