"""Reads one setting from the environment; what is missing or cannot be read is named, and never shown."""

import warnings
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

FALSE = frozenset(("", "0", "false", "off", "no", "n", "f", "none"))
KINDS = {int: "a whole number", float: "a number", bool: "a yes or a no"}
DATABASES = ("django.db.backends.postgresql", "django.db.backends.sqlite3")


class UnreadableSetting(ImproperlyConfigured):
    """A setting that Thor cannot start with: its name, what is wrong with it, and what to do."""

    def __init__(self, name: str, message: str, action: str) -> None:
        super().__init__(f"{name}: {message} {action}")
        self.name, self.message, self.action = name, message, action


class Env(environ.Env):
    """`environ.Env` whose errors say which setting they are about. The value is left out: it may be a secret."""

    def get_value(self, var: str, cast: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return a setting's value.

        Raises:
            UnreadableSetting: it is missing and has no default, or is not what it should be.
        """
        try:
            if cast is bool and not _is_bool(self.ENVIRON.get(var)):
                raise ValueError(var)
            return super().get_value(var, cast, *args, **kwargs)
        except ImproperlyConfigured:
            advice = "Write it into .env or into the environment; `make run` makes those that can be made."
            raise UnreadableSetting(var, "It is not set.", advice) from None
        except ValueError:
            kind = KINDS.get(cast, "what it should be")
            raise UnreadableSetting(var, f"It is not {kind}.", "Mend or remove it.") from None

    def db(self, var: str = "DATABASE_URL", *args: Any, **kwargs: Any) -> Any:
        """Return a database for Django's settings: PostgreSQL or SQLite, the two that Thor writes SQL for.

        Raises:
            UnreadableSetting: it is neither.
        """
        try:
            with (
                warnings.catch_warnings()
            ):  # the library's own would show the whole address, password included
                warnings.simplefilter("ignore")
                found = super().db(var, *args, **kwargs)
        except ValueError:
            found = {}
        if found.get("ENGINE") not in DATABASES:
            advice = "Write postgres://user:password@host:port/name or sqlite:////path/to/file."
            raise UnreadableSetting(var, "It is not the address of a PostgreSQL or SQLite database.", advice)
        return found


def _is_bool(value: object) -> bool:
    """Tell whether somebody who wrote this meant yes or no."""
    if value is None or isinstance(value, bool):
        return True
    text = str(value).strip().lower()
    return text in FALSE or text in environ.Env.BOOLEAN_TRUE_STRINGS
