"""Recognising an account or a customer without keeping the number: HMAC under a salt of this desk."""

import hmac
import secrets
from hashlib import sha256

from livedata.schwab.models import IdentitySalt


def _salt() -> bytes:
    """Return the desk's salt, made at its first use. The fixed key lets only one of two makers win."""
    row, _ = IdentitySalt.objects.get_or_create(pk=1, defaults={"salt": secrets.token_bytes(32)})
    return bytes(row.salt)


def identity_of(text: str) -> str:
    """Return the hex HMAC-SHA256 by which `text` (an account number, a customer id) is recognised."""
    return hmac.new(_salt(), text.encode(), sha256).hexdigest()


def padded_number(number: str | int) -> str:
    """Return an account number as text; orders carry it as an integer, so leading zeros are put back (8 digits)."""
    return str(number).strip().zfill(8)


def masked(number: str) -> str:
    """Return the last three digits, as Schwab's own displays show them."""
    return f"…{number[-3:]}"
