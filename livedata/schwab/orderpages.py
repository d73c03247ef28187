"""Order lists that Schwab may have cut: one with as many rows as it lists at once is asked for in halves."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from livedata.schwab.client import Fetched
from livedata.schwab.orders import OrdersReading

MOST_ROWS = 3000
"""So many orders fill an answer (§2.4, `maxResults`): there may be more that it does not say."""
NARROWEST = timedelta(minutes=1)
TOO_MANY = "Schwab lists at most 3,000 orders; some that were entered within one minute may be missing."

Fetch = Callable[[datetime, datetime], Fetched]
Read = Callable[[bytes], OrdersReading]


class Page(Struct, frozen=True):
    """The orders entered since `start`, up to where was asked; `is_cut` when even a minute held too many."""

    start: datetime
    observed_at: datetime
    reading: OrdersReading
    is_cut: bool = False


def newest(fetch: Fetch, read: Read, start: datetime, end: datetime) -> Page:
    """Return the newest part of a window that one answer holds whole."""
    while True:
        fetched = fetch(start, end)
        reading = read(fetched.body)
        is_full = reading.count >= MOST_ROWS
        if not is_full or end - start <= NARROWEST:
            return Page(start, fetched.observed_at, reading, is_full)
        start += (end - start) / 2


def whole(fetch: Fetch, read: Read, start: datetime, end: datetime) -> Page:
    """Return all orders of a window, from as many answers as it takes; `observed_at` is the earliest of them."""
    page = newest(fetch, read, start, end)
    while page.start > start:
        earlier = newest(fetch, read, start, page.start)
        page = Page(
            earlier.start,
            min(page.observed_at, earlier.observed_at),
            _joined(page.reading, earlier.reading),
            page.is_cut or earlier.is_cut,
        )
    return page


def _joined(one: OrdersReading, other: OrdersReading) -> OrdersReading:
    """Return both readings as one; an order that both list is the newer answer's."""
    rows = {number: list(orders) for number, orders in other.by_number.items()}
    for number, orders in one.by_number.items():
        rows[number] = rows.get(number, []) + orders
    return OrdersReading(rows, one.rejected + other.rejected, one.count + other.count)
