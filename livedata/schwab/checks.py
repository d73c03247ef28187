"""Settings that would fail later, told at start."""

from typing import Any

from django.core.checks import Error, register

from livedata.schwab.errors import EncryptionKeyError
from livedata.schwab.vault import box


@register()
def encryption_keys(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Tokens can only be stored with a usable key."""
    try:
        box()
    except EncryptionKeyError as error:
        hint = "Generate one: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
        return [Error(error.detail, hint=hint, id="schwab.E001")]
    return []
