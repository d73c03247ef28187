"""Django's handle on the person's room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Sign-in and audit trail."""

    name = "desk"
    verbose_name = "Desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the schema generator know the session login."""
        from desk import schema  # noqa: F401
