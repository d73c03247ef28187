"""The settings: app key, Schwab's address, the keys that sign and encrypt."""

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from livedata.schwab.doctor.finding import Finding, bad, doubt, good
from livedata.schwab.errors import EncryptionKeyError
from livedata.schwab.vault import box

REAL_HOST = "api.schwabapi.com"
WRITE_BASE = f"Write https://{REAL_HOST}, or remove SCHWAB_BASE_URL."


def app() -> Iterator[Finding]:
    """App key and secret are there and free of what copying brings along."""
    for name in ("SCHWAB_CLIENT_ID", "SCHWAB_CLIENT_SECRET"):
        value = getattr(settings, name)
        if not value:
            yield bad(name, "It is not set.", "Copy it from your app's page in Schwab's developer portal.")
        elif value != value.strip() or any(mark in value for mark in "\"' \t"):
            yield bad(name, "It has blanks or quotes in it.", "Copy it again, without blanks and quotes.")
        else:
            yield good(name, "It is set.")


def schwab_address() -> SplitResult | None:
    """Return where Schwab is asked; None when the setting is no address that paths can be put behind."""
    try:
        parts = urlsplit(settings.SCHWAB_BASE_URL)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable and not (parts.path or parts.query or parts.fragment) else None


def is_real() -> bool:
    """Whether the settings point at Schwab itself and not at a stand-in."""
    parts = schwab_address()
    return parts is not None and parts.hostname == REAL_HOST


def base_url() -> Iterator[Finding]:
    """Thor asks Schwab, over https, or knowingly somebody else."""
    name, parts = "SCHWAB_BASE_URL", schwab_address()
    if parts is None:
        yield bad(
            name, f"{settings.SCHWAB_BASE_URL} is not the address of a host and nothing more.", WRITE_BASE
        )
    elif not is_real():
        yield doubt(
            name,
            f"Thor talks to {settings.SCHWAB_BASE_URL}, which is not Schwab.",
            "Right for a stand-in; for real accounts remove SCHWAB_BASE_URL.",
        )
    elif parts.scheme != "https":
        yield bad(name, "Schwab is asked over plain http.", WRITE_BASE)
    else:
        yield good(name, "Thor talks to Schwab itself.")


def keys() -> Iterator[Finding]:
    """What signs sessions and what seals tokens can be used."""
    try:
        signs = bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        signs = False
    if not signs:
        yield bad("SECRET_KEY", "It is empty: nobody can sign in.", "Let the first `make run` write one.")
    try:
        box()
    except EncryptionKeyError as error:
        yield bad(
            "TOKEN_ENCRYPTION_KEYS",
            error.detail,
            "Put the key back that sealed what is stored; for a new desk let the first `make run` write one.",
        )
    else:
        count = len(settings.TOKEN_ENCRYPTION_KEYS)
        yield good(
            "TOKEN_ENCRYPTION_KEYS", f"{count} usable key{'s' if count > 1 else ''}; the first one seals."
        )
