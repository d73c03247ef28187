"""What the tests of reading stand on: an owner, a filled account, a signed-in browser, nothing rendered yet.

This file is read before the settings are, so models are imported where they are used.
"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from actandpos.models import Account


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Start with nothing rendered."""
    from actandpos import cache

    cache.local.clear()
    cache.shared.reopen()


@pytest.fixture
def owner(db: None) -> "User":
    """The one whose desk it is."""
    from actandpos.tests.book import trader

    return trader()


@pytest.fixture
def held(owner: "User") -> "Account":
    """An account with a share and a call."""
    from actandpos.tests.book import account, apply, option, row

    made = account(owner)
    call = option(
        "XYZ   261218C00220000",
        date(2026, 12, 18),
        quantity=Decimal("-2.000000"),
        mark_change=None,
        missing={"mark_change": "Schwab sent no net change."},
    )
    apply(made, 1, row("AAA"), call)
    return made


@pytest.fixture
def browser(owner: "User") -> "Client":
    """The owner's browser."""
    from actandpos.tests.book import signed_in

    return signed_in(owner)
