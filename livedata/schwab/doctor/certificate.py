"""The certificate that Thor serves on loopback: how long it lasts, what it is for, who must know its authority."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from django.conf import settings

from livedata.schwab.doctor.finding import Finding, bad, doubt, good

RENEWED_BEFORE = timedelta(days=30)
ANEW = "Restart Thor: `make run` makes a new one."
README = "README.md, Connect a real Schwab account, step 5"


def folder() -> Path:
    """Return where `make run` keeps its authority and what it issued."""
    return settings.BASE_DIR / "var" / "tls"


def look(der: bytes | None) -> Iterator[Finding]:
    """Judge the certificate that was served; where nobody serves, the one that is kept for it."""
    try:
        served = x509.load_der_x509_certificate(der) if der else _kept("server.pem")
    except ValueError:
        served = None
    if served is None:
        yield doubt("certificate", "There is none yet.", f"`make run` makes one; how to trust it: {README}.")
        return
    ends, now = served.not_valid_after_utc, datetime.now(UTC)
    if ends <= now or served.not_valid_before_utc > now:
        yield bad("certificate", f"It is not valid now: it was made for {_span(served)}.", ANEW)
    elif not _is_for_loopback(served):
        yield bad("certificate", "It is not for 127.0.0.1, so no browser accepts it there.", ANEW)
    elif ends - now < RENEWED_BEFORE:
        yield doubt("certificate", f"It ends on {ends:%Y-%m-%d}.", ANEW)
    else:
        yield from _trust(served)


def _trust(served: x509.Certificate) -> Iterator[Finding]:
    """Say what a browser must know to accept it."""
    until, authority = f"Valid until {served.not_valid_after_utc:%Y-%m-%d}", _kept("ca.pem")
    if authority is not None and _issued(authority, served):
        yield good(
            "certificate",
            f"{until}. A browser that imported {folder() / 'ca.pem'} opens Thor without a warning ({README}).",
        )
    elif authority is not None and authority.subject == served.issuer:
        yield doubt(
            "certificate",
            f"{until}, but the authority in {folder()} is not the one that issued it.",
            f"Restart Thor and import {folder() / 'ca.pem'} anew ({README}).",
        )
    else:
        yield good("certificate", f"{until}; issued by {served.issuer.rfc4514_string()}, not by Thor itself.")


def _kept(name: str) -> x509.Certificate | None:
    """Return a certificate of the folder, None when there is none that can be read."""
    try:
        return x509.load_pem_x509_certificate((folder() / name).read_bytes())
    except (OSError, ValueError):
        return None


def _issued(authority: x509.Certificate, served: x509.Certificate) -> bool:
    """Tell whether the authority vouches for a certificate."""
    try:
        served.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _is_for_loopback(served: x509.Certificate) -> bool:
    """Tell whether a browser takes it for 127.0.0.1."""
    try:
        names = served.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return ip_address("127.0.0.1") in names.get_values_for_type(x509.IPAddress)


def _span(served: x509.Certificate) -> str:
    """Say from when to when."""
    return f"{served.not_valid_before_utc:%Y-%m-%d} to {served.not_valid_after_utc:%Y-%m-%d}"
