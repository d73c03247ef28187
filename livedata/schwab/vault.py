"""Sealing of secrets at rest: MultiFernet, with each ciphertext bound to its row and field.

A token copied from one row or column into another does not open there. The first key of `TOKEN_ENCRYPTION_KEYS`
seals, all of them open, so keys rotate by putting a new one in front.
"""

import hmac
import json
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from livedata.schwab.errors import EncryptionKeyError


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    """Build the box for a list of keys; a missing or malformed key is an error, never a default."""
    if not keys:
        raise EncryptionKeyError("TOKEN_ENCRYPTION_KEYS is empty.")
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise EncryptionKeyError("A key in TOKEN_ENCRYPTION_KEYS is not a Fernet key.") from error


def box() -> MultiFernet:
    """Return the box for the configured keys."""
    return _box(tuple(settings.TOKEN_ENCRYPTION_KEYS))


def seal(plain: str, *, binding: str) -> str:
    """Return `plain` sealed for the place that `binding` names."""
    return box().encrypt(json.dumps([binding, plain]).encode()).decode()


def unseal(sealed: str, *, binding: str) -> str:
    """Return what was sealed for this place.

    Raises:
        EncryptionKeyError: the key is missing or another one, or the ciphertext belongs elsewhere.
    """
    try:
        found, plain = json.loads(box().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise EncryptionKeyError("No configured key opens it.") from error
    except (ValueError, TypeError) as error:
        raise EncryptionKeyError("It was not sealed by this room.") from error
    if not hmac.compare_digest(str(found).encode(), binding.encode()):
        raise EncryptionKeyError("It was sealed for another row or field.")
    return str(plain)


class HasUid(Protocol):
    """A row that secrets are bound to."""

    uid: UUID


class Sealed:
    """A secret attribute of a model: reads open, writes seal, the column `<name>_sealed` holds ciphertext only."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._column = f"{name}_sealed"
        self._label = f"{owner.__name__}.{name}"

    def binding(self, row: HasUid) -> str:
        """Name the one place where this ciphertext opens."""
        return f"{self._label}:{row.uid}"

    def __get__(self, row: Any, owner: type | None = None) -> str:
        if row is None:
            raise AttributeError(self._label)
        sealed = getattr(row, self._column)
        return unseal(sealed, binding=self.binding(row)) if sealed else ""

    def __set__(self, row: Any, plain: str) -> None:
        setattr(row, self._column, seal(plain, binding=self.binding(row)) if plain else "")
