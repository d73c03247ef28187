"""One line of an account's story: what a transaction tells and what the book takes in."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from simulator.wire.times import eastern_date
from simulator.world.fees import NO_FEES, Fees, fees_of, gross_of
from simulator.world.market import multiplier
from simulator.world.orders import EPOCH_DAY, Fill, Order

_OTHERS = 90_000_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A trade, a transfer or a movement of cash; `quantity` and `net` are signed, `price` is per unit.

    `gross` is the security's own cash; a transfer has none, its `price` is the basis that the units bring along.
    `naked` and `spread` say what a short option costs in maintenance.
    """

    at: float
    type: str
    net: float
    symbol: str | None = None
    quantity: float = 0.0
    price: float = 0.0
    gross: float = 0.0
    fees: Fees = NO_FEES
    effect: str = ""
    order_id: int | None = None
    identifier: int = 0
    sub_account: str = "CASH"
    text: str = ""
    qualified: bool = False
    fee_type: str = ""
    naked: bool = False
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Done:
    """One execution of one order."""

    at: float
    order: Order
    fill: Fill


def cash(at: float, kind: str, amount: float, text: str, **more: object) -> Entry:
    """A movement of cash alone."""
    return Entry(at, kind, round(amount, 2), text=text, **more)  # type: ignore[arg-type]


def transfer(at: float, symbol: str, quantity: float, *, basis: float, text: str, effect: str) -> Entry:
    """Units that come or go without cash."""
    return Entry(
        at,
        "RECEIVE_AND_DELIVER",
        0.0,
        symbol,
        quantity,
        basis,
        effect=effect,
        sub_account="MARGIN",
        text=text,
    )


def traded(
    at: float,
    symbol: str,
    quantity: float,
    gross: float,
    *,
    fees: Fees = NO_FEES,
    is_margin: bool,
    short: bool = False,
    **more: object,
) -> Entry:
    """A trade; the price is the average of its parts."""
    return Entry(
        at,
        "TRADE",
        round(gross - math.fsum(fees), 2),
        symbol,
        quantity,
        round(abs(gross) / (abs(quantity) * multiplier(symbol)), 6),
        gross,
        fees,
        sub_account="CASH" if not is_margin else "SHORT" if short else "MARGIN",
        **more,  # type: ignore[arg-type]
    )


def trades(done: Iterable[Done], is_margin: bool) -> Iterator[Entry]:
    """One trade per order leg of a day's executions; it stands at the time of the first."""
    groups: dict[int, list[Done]] = {}
    for item in done:
        groups.setdefault(item.order.order_id, []).append(item)
    for items in groups.values():
        for number in range(len(items[0].order.legs)):
            yield _leg(items, number, is_margin)


def _leg(items: list[Done], number: int, is_margin: bool) -> Entry:
    order, at = items[0].order, items[0].at
    leg = order.legs[number]
    share = leg.sign * leg.quantity / order.quantity
    parts = [(share * item.fill.quantity, item.fill.prices[number]) for item in items]
    quantity = round(sum(part for part, _ in parts), 6)
    gross = round(math.fsum(gross_of(leg.symbol, part, price) for part, price in parts), 2)
    return traded(
        at,
        leg.symbol,
        quantity,
        gross,
        fees=fees_of(leg.symbol, quantity, gross),
        is_margin=is_margin,
        short=leg.instruction in ("SELL_SHORT", "BUY_TO_COVER"),
        effect=leg.effect,
        order_id=order.order_id,
        identifier=(order.order_id * 10 + number + 1) * 10 + _day_number(order, at),
        naked=leg.naked,
        spread=leg.spread,
    )


def _day_number(order: Order, at: float) -> int:
    """0 on the first day on which an order was executed; one that goes on another day makes new rows there."""
    if len(order.fills) == 1:
        return 0
    return sorted({eastern_date(fill.at) for fill in order.fills}).index(eastern_date(at))


def numbered(entries: Iterable[Entry], day: date, account_index: int) -> list[Entry]:
    """Give those without an order their ids, which say the day; later ones of a day never change earlier ones'."""
    first = _OTHERS + (day.toordinal() - EPOCH_DAY) * 100_000 + account_index * 1000
    return [replace(entry, identifier=first + place) for place, entry in enumerate(entries)]


def day_of_entry(identifier: int) -> date | None:
    """The Eastern date of an id that `numbered` made; None for another number."""
    ordinal = (identifier - _OTHERS) // 100_000 + EPOCH_DAY
    return date.fromordinal(ordinal) if EPOCH_DAY <= ordinal < EPOCH_DAY + 60_000 else None
