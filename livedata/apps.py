"""Django's handle on live data."""

from django.apps import AppConfig


class LiveDataConfig(AppConfig):
    """The bus, the market's calendar, names of instruments."""

    name = "livedata"
    verbose_name = "Live data"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let this process show its signs of life, and tell sockets when logins end."""
        from livedata import alive  # noqa: F401
        from livedata.live import signals  # noqa: F401
