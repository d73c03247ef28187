"""What `manage.py check` tells before anything is stored."""

from io import StringIO
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError


def told() -> list[str | None]:
    """Return the ids of this room's findings."""
    return [each.id for each in run_checks() if str(each.id).startswith("schwab.")]


def test_a_usable_key_passes() -> None:
    assert told() == []


@pytest.mark.parametrize("keys", [[], ["not-a-key"]])
def test_a_missing_or_malformed_key_stops_the_start_and_says_what_to_do(
    settings: Any, keys: list[str]
) -> None:
    settings.TOKEN_ENCRYPTION_KEYS = keys
    assert told() == ["schwab.E001"]
    with pytest.raises(SystemCheckError, match=r"Fernet\.generate_key") as caught:
        call_command("check", stderr=StringIO())
    assert "TOKEN_ENCRYPTION_KEYS" in str(caught.value)
    assert "not-a-key" not in str(caught.value)
