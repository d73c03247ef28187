"""What the tests of reading stand on: an owner, a filled account, a signed-in browser, nothing rendered yet.

This file is read before the settings are, so models are imported where they are used.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import time_machine

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


@pytest.fixture
def friday() -> Iterator[None]:
    """Let it be a Friday evening in New York."""
    from actandpos.tests.transactions import NOW

    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def booked(owner: "User", friday: None) -> "Account":
    """An account with a little of everything, read since January; the second of March is day 0."""
    from actandpos.tests.book import account
    from actandpos.tests.transactions import book, cash, trade

    made = account(owner)
    book(
        made,
        cash(1, "deposit", "5000", description="EXAMPLE BANK"),
        trade(2, "AAA", "10", "-1000", "1", day=1),
        trade(3, "AAA", "-4", "480", "0.4", day=2, broker_order_id="77"),
        cash(4, "dividend", "9.5", day=40),
        cash(5, "interest", "-0.25", day=41),
        cash(6, "withdrawal", "-100", day=42),
        trade(7, "BBB", "-5", "50", day=43),
        trade(8, "AAA", "-1", "130", day=43, status="PENDING"),
    )
    return made
