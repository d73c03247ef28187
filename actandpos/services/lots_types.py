"""What matching works on: movements of securities, lots that are open, and what closing them brought."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

METHODS = ("FIFO", "LIFO", "HIGH_COST", "LOW_COST")
ZERO = Decimal(0)


class Key(NamedTuple):
    """The order in which movements are matched: time, then the broker's id."""

    at: datetime
    activity: str


class Event(Struct, frozen=True, kw_only=True):
    """One movement of one security by one transaction."""

    transaction_id: int
    key: Key
    at: datetime
    day: date
    """In US Eastern."""
    kind: str
    """`trade`, `option_event` or `transfer`."""
    symbol: str
    underlying: str
    asset_type: str
    quantity: Decimal
    """Signed: received positive."""
    cost: Decimal | None
    """Signed effect on cash before fees; null when unknown."""
    fees: Decimal = ZERO
    price: Decimal | None = None
    may_open: bool | None = True
    """Whether what no open lot answers opens a new one, or closes what is older than the history; null: not said."""
    from_order: bool = False
    text: str = ""
    multiplier: Decimal = Decimal(1)
    put_call: str | None = None
    strike: Decimal | None = None
    expiration: date | None = None


class Lot(Struct, kw_only=True):
    """Units opened together. `gross` is the signed cash of what is left, before fees; null when unknown."""

    symbol: str
    underlying: str
    asset_type: str
    quantity: Decimal
    gross: Decimal | None
    fees: Decimal
    price: Decimal | None
    opened_by: int | None
    opened_at: datetime | None
    id: int | None = None
    """Of the stored row."""

    @property
    def cost(self) -> Decimal | None:
        """What is left cost, fees included: long positive, short negative."""
        return None if self.gross is None else self.fees - self.gross


class Part(Struct, frozen=True, kw_only=True):
    """Units taken out of one lot (`lot` null: of none that is known)."""

    lot: Lot | None
    quantity: Decimal
    """Signed like the holding."""
    gross: Decimal | None
    fees: Decimal


class Realized(Struct, frozen=True, kw_only=True):
    """Units of one lot closed by one transaction; `pl` = proceeds + cost − fees, null with its reason."""

    symbol: str
    underlying: str
    asset_type: str
    opened_by: int | None
    opened_at: datetime | None
    closed_by: int
    closed_at: datetime
    day: date
    quantity: Decimal
    proceeds: Decimal | None
    cost: Decimal | None
    fees: Decimal | None
    pl: Decimal | None
    unmatched: str = ""


class Matched(Struct, frozen=True, kw_only=True):
    """The lots that are open after the last movement, by symbol in matching order, and what was realized."""

    lots: dict[str, list[Lot]]
    realized: list[Realized]
    closed_ids: list[int]
    """Stored rows of lots that are closed or gone."""
