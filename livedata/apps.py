"""Django's handle on live data."""

from django.apps import AppConfig


class LiveDataConfig(AppConfig):
    """The bus, the market's calendar, names of instruments."""

    name = "livedata"
    verbose_name = "Live data"
    default_auto_field = "django.db.models.BigAutoField"
