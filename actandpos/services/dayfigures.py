"""What a day's own fills say of a holding, without a database: its P/L since the close before, what a closing brought.

The formula is the broker's (`market value − previous value − cash paid today`), with the cash taken from the fills.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from msgspec import Struct

from actandpos.services.limits import money

ZERO, HUNDRED = Decimal(0), Decimal(100)
PRICE_PLACES = Decimal("0.00000001")
SHARE, PER_UNIT, LEAST = Decimal("0.02"), Decimal(1), Decimal(10)
"""How far the broker's figure may be from the fills' before it contradicts them: fees and the option's own close."""
OPTION_UNITS = Decimal(100)
UNKNOWN_CLOSE = "The close before is not known."
UNKNOWN_FILLS = "The day's fills do not account for it."
UNKNOWN_COST = "Its average price is not known."
MIXED_COST = "It was added to on the day it was closed: the statement tells it lot by lot."


class Fill(Struct, frozen=True):
    """One execution of one leg; `side` is the broker's word, `price` per unit."""

    symbol: str
    side: str
    quantity: Decimal
    price: Decimal
    at: datetime
    multiplier: Decimal


class Traded(Struct, frozen=True):
    """A day's fills of one symbol: units bought and sold (both ≥ 0), and what was paid and taken in US dollars."""

    symbol: str
    bought: Decimal
    sold: Decimal
    paid: Decimal
    taken: Decimal
    multiplier: Decimal
    last_at: datetime

    @property
    def net(self) -> Decimal:
        """Units by which the holding changed."""
        return self.bought - self.sold

    @property
    def cash(self) -> Decimal:
        """Cash paid, less taken, before fees."""
        return self.paid - self.taken

    @property
    def both_ways(self) -> bool:
        """Whether it was bought and sold on the same day: where the broker's figure can go astray."""
        return bool(self.bought and self.sold)

    @property
    def tolerance(self) -> Decimal:
        """US dollars by which two right figures may differ."""
        contracts = (self.bought + self.sold) * PER_UNIT if self.multiplier == OPTION_UNITS else ZERO
        return LEAST + (self.paid + self.taken) * SHARE + contracts


class Held(Struct, frozen=True):
    """An open row as the broker told it."""

    quantity: Decimal
    multiplier: Decimal
    mark_price: Decimal | None
    mark_change: Decimal | None
    market_value: Decimal | None
    pl_day: Decimal | None
    day_start_quantity: Decimal | None


class Restated(Struct, frozen=True):
    """Today's P/L of an open row from its fills, where the broker's contradicts them; else null."""

    pl_day: Decimal | None = None
    percent: Decimal | None = None


class Closing(Struct, frozen=True):
    """What a closing brought; null with its reason in `missing`."""

    close_price: Decimal | None
    realized: Decimal | None
    pl_day: Decimal | None
    missing: dict[str, str]


def by_symbol(fills: Iterable[Fill]) -> dict[str, Traded]:
    """Add a day's fills up by symbol; a side that neither buys nor sells moves nothing."""
    found: dict[str, Traded] = {}
    for fill in fills:
        buys, sells = fill.side.startswith("BUY"), fill.side.startswith("SELL")
        if not buys and not sells:
            continue
        amount = fill.quantity * fill.price * fill.multiplier
        before = found.get(fill.symbol)
        start = before or Traded(fill.symbol, ZERO, ZERO, ZERO, ZERO, fill.multiplier, fill.at)
        found[fill.symbol] = Traded(
            fill.symbol,
            start.bought + (fill.quantity if buys else ZERO),
            start.sold + (fill.quantity if sells else ZERO),
            start.paid + (amount if buys else ZERO),
            start.taken + (amount if sells else ZERO),
            fill.multiplier,
            max(start.last_at, fill.at),
        )
    return found


def restated(held: Held, traded: Traded) -> Restated:
    """Return the row's P/L since the close before, from its fills, where the broker's own contradicts them.

    Only where it was traded both ways, all fills are known (what the day began with plus the fills is what is
    held), and the close before is known or nothing was held then.
    """
    start = held.day_start_quantity
    complete = start is not None and start + traded.net == held.quantity
    if start is None or not complete or not traded.both_ways or held.market_value is None:
        return Restated()
    previous = _previous_value(start, held.mark_price, held.mark_change, held.multiplier)
    if previous is None:
        return Restated()
    own = held.market_value - previous - traded.cash
    if held.pl_day is not None and abs(own - held.pl_day) <= traded.tolerance:
        return Restated()
    base = abs(previous + traded.cash)
    return Restated(money(own), money(own * HUNDRED / base) if base else None)


def _previous_value(
    start: Decimal, mark: Decimal | None, change: Decimal | None, multiplier: Decimal
) -> Decimal | None:
    """Return what was held when the day began, at the close before; zero for nothing."""
    if not start:
        return ZERO
    return None if mark is None or change is None else start * (mark - change) * multiplier


def closing(
    before: Decimal | None, avg_price: Decimal | None, previous_close: Decimal | None, traded: Traded | None
) -> Closing:
    """Return what the closing of a holding brought, fees apart.

    `before` is the quantity at which it was last seen open (signed; null when it never was), `avg_price` its average
    price then. Realized: cash taken − cash paid − what the day began with at the average price.
    """
    start = -traded.net if traded else None
    if traded is None or start is None or not _accounts_for(start, before):
        reasons = dict.fromkeys(("close_price", "realized", "pl_day"), UNKNOWN_FILLS)
        return Closing(None, None, None, reasons)
    missing: dict[str, str] = {}
    units, amount = (
        (traded.sold, traded.taken)
        if start > 0 or _sold_last(start, before)
        else (traded.bought, traded.paid)
    )
    price = (amount / (units * traded.multiplier)).quantize(PRICE_PLACES, ROUND_HALF_EVEN) if units else None
    mixed = bool(start) and traded.both_ways
    realized = None if mixed else _against(start, avg_price, traded)
    if realized is None:
        missing["realized"] = MIXED_COST if mixed else UNKNOWN_COST
    pl_day = _against(start, previous_close, traded)
    if pl_day is None:
        missing["pl_day"] = UNKNOWN_CLOSE
    return Closing(price, realized, pl_day, missing)


def _accounts_for(start: Decimal, before: Decimal | None) -> bool:
    """Return whether the fills explain a holding last seen with `before` units, given what they say it began with."""
    if before is None:
        return not start
    return not start or (start > 0) == (before > 0)


def _sold_last(start: Decimal, before: Decimal | None) -> bool:
    """Return whether what was opened and closed within the day was a long holding, as far as is known."""
    return not start and (before is None or before > 0)


def _against(start: Decimal, price: Decimal | None, traded: Traded) -> Decimal | None:
    """Return cash taken − cash paid − the units the day began with at a price; null when that is needed and unknown."""
    if not start:
        return money(-traded.cash)
    return None if price is None else money(-traded.cash - start * price * traded.multiplier)
