"""What the tests of the person's room share."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def quick_hashing(settings: Any) -> None:
    """Hash passwords quickly: how slow a hash is, is Django's matter."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
