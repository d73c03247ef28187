"""The callback address: whether Schwab would take it, and whether it leads back to this Thor."""

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.urls import reverse

from livedata.schwab.doctor.finding import Finding, bad, doubt, good
from livedata.schwab.doctor.settings_checks import is_real

NAME = "SCHWAB_CALLBACK_URL"
LONGEST = 255
LOOPBACK = "127.0.0.1"
BY_HAND = "or paste the address by hand after each sign-in."


def callback() -> Iterator[Finding]:
    """The callback address obeys Schwab's rules (reference §1.2) and leads to this Thor."""
    address = settings.SCHWAB_CALLBACK_URL
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), 0
    if not parts.scheme or not parts.hostname:
        said = f"{address} is not an address." if address.strip() else "It is empty."
        yield bad(NAME, said, f"Write https://host{_path()}.")
        return
    found = [*_rules(address, parts), *_way_back(parts, port)]
    if not found:
        slash = "with" if parts.path.endswith("/") else "without"
        found = [good(NAME, f"{address} ({slash} a slash at its end: register exactly this string).")]
    yield from found


def _rules(address: str, parts: SplitResult) -> Iterator[Finding]:
    """Find what Schwab would not take."""
    if parts.scheme != "https" and is_real():
        yield bad(NAME, "Schwab takes https callbacks only.", "Write https://, and register the same string.")
    if parts.hostname == "localhost":
        yield bad(NAME, "Schwab does not take localhost.", "Write 127.0.0.1, and register the same string.")
    if len(address) > LONGEST:
        yield bad(NAME, f"It is longer than {LONGEST} characters.", "Choose a shorter address.")
    if address != address.strip() or any(mark in address for mark in ", '\""):
        yield bad(
            NAME, "It has blanks, quotes or a comma in it.", "Give the one callback that this Thor uses."
        )
    if parts.query or parts.fragment:
        yield bad(NAME, "It has more behind its path.", "End it with its path: Schwab adds its own query.")
    if parts.netloc != parts.netloc.lower():
        yield doubt(
            NAME, "It has capital letters in its host.", "Schwab compares letter by letter; use small ones."
        )


def _way_back(parts: SplitResult, port: int) -> Iterator[Finding]:
    """Find where a browser that Schwab sends back would not meet this Thor."""
    host = parts.hostname or ""
    if parts.path.rstrip("/") != _path().rstrip("/"):
        yield doubt(
            NAME,
            f"It leads to {parts.path or '/'}, where Thor does not answer.",
            f"Register an address that ends in {_path()}, {BY_HAND}",
        )
    if not validate_host(host, settings.ALLOWED_HOSTS):
        yield bad(
            NAME,
            f"Thor answers nobody who comes to {host}: it is not among ALLOWED_HOSTS.",
            f"Add {host} to ALLOWED_HOSTS and restart Thor, {BY_HAND}",
        )
    if host == LOOPBACK and port != settings.PORT:
        yield doubt(
            NAME,
            f"Its port is {port}, but Thor listens on {settings.PORT}.",
            f"Make PORT and the callback's port the same, {BY_HAND}",
        )


def _path() -> str:
    """Return where Thor answers; without the slash at its end it does too."""
    return reverse("schwab-oauth-callback").rstrip("/") + "/"


def is_own() -> bool:
    """Tell whether the callback is this machine's own address with Thor's port."""
    try:
        parts = urlsplit(settings.SCHWAB_CALLBACK_URL)
        return (parts.hostname, parts.port or 443) == (LOOPBACK, settings.PORT)
    except ValueError:
        return False
