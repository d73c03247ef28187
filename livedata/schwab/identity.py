"""Recognising an account or a customer without keeping the number: HMAC under a salt of this desk."""

import hmac
import secrets
from functools import cache
from hashlib import sha256

from django.db import connection
from django.db.models.signals import post_delete, post_migrate

from livedata.schwab.models import IdentitySalt


def _stored_salt() -> bytes:
    """Return the desk's salt, made at its first use. The fixed key lets only one of two makers win."""
    row, _ = IdentitySalt.objects.get_or_create(pk=1, defaults={"salt": secrets.token_bytes(32)})
    return bytes(row.salt)


_kept_salt = cache(_stored_salt)
"""It never changes, so a process reads it once."""


def forget_salt(**_: object) -> None:
    """Read it anew: it was deleted, tables were emptied or made, or nobody is recognised by it any more."""
    _kept_salt.cache_clear()


post_delete.connect(forget_salt, sender=IdentitySalt)
post_migrate.connect(forget_salt)


def identity_of(text: str) -> str:
    """Return the hex HMAC-SHA256 by which `text` (an account number, a customer id) is recognised."""
    # A salt made within a transaction may never come to be.
    salt = _stored_salt() if connection.in_atomic_block else _kept_salt()
    return hmac.new(salt, text.encode(), sha256).hexdigest()


def padded_number(number: str | int) -> str:
    """Return an account number as text; orders carry it as an integer, so leading zeros are put back (8 digits)."""
    return str(number).strip().zfill(8)


def masked(number: str) -> str:
    """Return the last three digits, as Schwab's own displays show them."""
    return f"…{number[-3:]}"
