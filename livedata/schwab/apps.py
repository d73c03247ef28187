"""Django's handle on the broker."""

from django.apps import AppConfig


class SchwabConfig(AppConfig):
    """Connections, syncs, linked accounts."""

    name = "livedata.schwab"
    label = "schwab"
    verbose_name = "Charles Schwab"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the settings checks."""
        from livedata.schwab import checks  # noqa: F401
