"""Thor's own address, asked as a browser would: who answers there, and with which certificate."""

import http.client
import os
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from msgspec import Struct

from livedata.schwab import transport
from livedata.schwab.doctor import callback, certificate
from livedata.schwab.doctor.finding import Finding, bad, doubt, good
from livedata.schwab.errors import SchwabError

SECONDS = 3.0
ALIVE, THORS_WORDS = "/healthz/live", b'"status"'
START = "Start it: `make run`, or the line `web` of the Procfile under your own supervisor."


class Heard(Struct, frozen=True):
    """Who answers: `thor`, `another`, `nobody`, `plain` (http where https was meant); its certificate (DER)."""

    who: str
    der: bytes | None = None


def here() -> Iterator[Finding]:
    """Look at loopback, or, behind a proxy, at the host that the callback names."""
    if settings.PUBLIC:
        yield from _behind_the_proxy()
        return
    host = os.environ.get("HOST") or callback.LOOPBACK
    host = callback.LOOPBACK if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    secure = settings.TLS or (callback.is_own() and settings.SCHWAB_CALLBACK_URL.startswith("https:"))
    heard = knock(host, settings.PORT, secure=secure)
    address = f"{'https' if secure else 'http'}://{host}:{settings.PORT}"
    if heard.who == "thor":
        yield good("web", f"Thor answers at {address}.")
    elif heard.who == "plain":
        yield bad(
            "web",
            f"The callback begins with https://, but plain http is spoken at {host}:{settings.PORT}: no browser "
            "comes back from Schwab that way.",
            f"Start Thor by `make run`, which then serves https by itself, {callback.BY_HAND}",
        )
    elif heard.who == "another":
        yield bad("web", f"Something answers at {address}, but it is not Thor.", "Choose another PORT.")
    else:
        yield bad("web", f"Nobody answers at {address}.", START)
    if secure and heard.who != "plain":
        yield from certificate.look(heard.der)


def knock(host: str, port: int, *, secure: bool) -> Heard:
    """Ask whether Thor lives there; the certificate is taken as it comes, for it is looked at afterwards."""
    # What is asked and what comes back is no secret, and whether the certificate is good is the question itself.
    context = ssl._create_unverified_context() if secure else None  # noqa: S323
    line = (
        http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
        if secure
        else http.client.HTTPConnection(host, port, timeout=SECONDS)
    )
    try:
        line.request("GET", ALIVE, headers={"Host": next(iter(settings.ALLOWED_HOSTS), host)})
        der = line.sock.getpeercert(binary_form=True) if isinstance(line.sock, ssl.SSLSocket) else None
        thor = THORS_WORDS in line.getresponse().read(200)
    except ssl.SSLError:
        return Heard("plain")
    except http.client.HTTPException:
        return Heard("another")
    except OSError:
        return Heard("nobody")
    finally:
        line.close()
    return Heard("thor" if thor else "another", der)


def _behind_the_proxy() -> Iterator[Finding]:
    """Ask the callback's own host, as a browser on its way back would."""
    parts = urlsplit(settings.SCHWAB_CALLBACK_URL)
    if parts.hostname == callback.LOOPBACK or parts.scheme != "https":
        return
    address = f"https://{parts.netloc}"
    look = (
        "A browser may reach what this machine does not; if it cannot either, look at the name and the proxy."
    )
    try:
        answer = transport.request("GET", address + ALIVE, headers={}, deadline=SECONDS)
    except SchwabError as error:
        yield doubt("web", f"{address} could not be asked from here. {error.detail}", look)
        return
    if answer.status == 200 and THORS_WORDS in answer.body:
        yield good("web", f"Thor answers at {address}, and its certificate is accepted.")
    else:
        yield doubt("web", f"{address} answers (HTTP {answer.status}), but not as Thor does.", look)
