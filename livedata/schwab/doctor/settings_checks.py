"""The settings: app key, encryption keys, callback address."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from livedata.schwab.doctor.finding import Finding, bad, doubt, good
from livedata.schwab.errors import EncryptionKeyError
from livedata.schwab.vault import box

LONGEST_CALLBACK = 255
REAL_HOST = "api.schwabapi.com"


def is_real() -> bool:
    """Whether the settings point at Schwab itself and not at a stand-in."""
    return urlsplit(settings.SCHWAB_BASE_URL).hostname == REAL_HOST


def app() -> Iterator[Finding]:
    """App key and secret are there and free of what copying brings along."""
    for name in ("SCHWAB_CLIENT_ID", "SCHWAB_CLIENT_SECRET"):
        value = getattr(settings, name)
        if not value:
            yield bad(
                name, f"{name} is not set.", "Copy it from your app's page in Schwab's developer portal."
            )
        elif value != value.strip() or any(mark in value for mark in "\"' \t"):
            yield bad(
                name, f"{name} has blanks or quotes in it.", "Copy it again, without blanks and quotes."
            )
        else:
            yield good(name, f"{name} is set.")
    if not settings.SCHWAB_BASE_URL.startswith("https://") and is_real():
        yield bad("SCHWAB_BASE_URL", "Schwab is asked over plain http.", "Write https://api.schwabapi.com.")
    elif is_real():
        yield good("SCHWAB_BASE_URL", "Thor talks to Schwab itself.")
    else:
        yield doubt(
            "SCHWAB_BASE_URL",
            f"Thor talks to {settings.SCHWAB_BASE_URL}, which is not Schwab.",
            "Right for a stand-in; for real accounts remove SCHWAB_BASE_URL.",
        )


def keys() -> Iterator[Finding]:
    """The encryption keys can be used."""
    try:
        box()
    except EncryptionKeyError as error:
        yield bad(
            "TOKEN_ENCRYPTION_KEYS", error.detail, "Generate a Fernet key and keep it with your backups."
        )
    else:
        count = len(settings.TOKEN_ENCRYPTION_KEYS)
        yield good(
            "TOKEN_ENCRYPTION_KEYS", f"{count} usable key{'s' if count > 1 else ''}; the first one seals."
        )


def callback() -> Iterator[Finding]:
    """The callback address obeys Schwab's rules (reference §1.2) and leads to this Thor."""
    address = settings.SCHWAB_CALLBACK_URL
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        yield bad(
            "SCHWAB_CALLBACK_URL",
            f"{address} is not an address.",
            "Write https://host/api/schwab/oauth/callback/.",
        )
        return
    problems = list(_callback_problems(address, parts.scheme, parts.hostname or ""))
    yield from problems
    wanted = reverse("schwab-oauth-callback")
    if parts.path.rstrip("/") != wanted.rstrip("/"):
        yield doubt(
            "SCHWAB_CALLBACK_URL",
            f"It leads to {parts.path or '/'}, where Thor does not answer.",
            f"Register an address that ends in {wanted}, or paste the address by hand after each sign-in.",
        )
    elif not problems:
        slash = "with" if parts.path.endswith("/") else "without"
        yield good(
            "SCHWAB_CALLBACK_URL", f"{address} ({slash} a slash at its end: register exactly this string)."
        )
    if parts.hostname == "127.0.0.1" and port != settings.PORT:
        yield doubt(
            "SCHWAB_CALLBACK_URL",
            f"Its port is {port or 443}, but Thor listens on {settings.PORT}.",
            "Make PORT and the callback's port the same, or paste the address by hand after each sign-in.",
        )


def _callback_problems(address: str, scheme: str, host: str) -> Iterator[Finding]:
    """Find what Schwab would not take."""
    name = "SCHWAB_CALLBACK_URL"
    if scheme != "https" and is_real():
        yield bad(name, "Schwab takes https callbacks only.", "Write https://, and register the same string.")
    if host == "localhost":
        yield bad(name, "Schwab does not take localhost.", "Write 127.0.0.1, and register the same string.")
    if len(address) > LONGEST_CALLBACK:
        yield bad(name, f"It is longer than {LONGEST_CALLBACK} characters.", "Choose a shorter address.")
    if address != address.strip() or "," in address:
        yield bad(name, "It has blanks or a comma in it.", "Give the one callback that this Thor uses.")
    if (place := urlsplit(address).netloc) != place.lower():
        yield doubt(
            name, "It has capital letters in its host.", "Schwab compares letter by letter; use small ones."
        )
