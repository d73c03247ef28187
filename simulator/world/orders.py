"""Orders as plans in time: what is filled, canceled or rejected at an instant follows from the plan alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

EPOCH_DAY = date(2000, 1, 1).toordinal()
CLOSED = ("FILLED", "CANCELED", "REJECTED", "EXPIRED", "REPLACED")


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg; `quantity` is the leg's whole quantity, not a ratio.

    `naked` and `spread` say what a sold option costs in maintenance: the uncovered requirement, or dollars a contract.
    """

    symbol: str
    instruction: str
    effect: str
    quantity: float
    naked: bool = False
    spread: float = 0.0

    @property
    def sign(self) -> int:
        """+1 for every kind of buying, -1 for selling."""
        return 1 if self.instruction.startswith("BUY") else -1


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution: `quantity` of the order at an instant, one price per leg."""

    at: float
    quantity: float
    prices: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One order with its whole future; times are epoch seconds.

    `awaits` is when its parent lets it work, `released` when its session begins, `cancel_time` when it ends by itself.
    """

    order_id: int
    entered: float
    legs: tuple[Leg, ...] = ()
    quantity: float = 0.0
    order_type: str = "MARKET"
    price: float | None = None
    stop: float | None = None
    session: str = "NORMAL"
    duration: str = "DAY"
    complex_type: str = "NONE"
    strategy: str = "SINGLE"
    fills: tuple[Fill, ...] = ()
    canceled_at: float | None = None
    expired_at: float | None = None
    rejection: str = ""
    open_status: str = "WORKING"
    awaits: float | None = None
    acknowledged: float | None = None
    cancel_asked: float | None = None
    replace_asked: float | None = None
    replaced_at: float | None = None
    released: float | None = None
    cancel_time: float | None = None
    child: bool = False
    tag: str = "TA_example-app"
    venue: str = "CDRG"
    children: tuple["Order", ...] = ()

    @property
    def accepted_at(self) -> float:
        """When the order was acknowledged, or refused."""
        return self.entered if self.acknowledged is None else self.acknowledged

    def filled(self, now: float) -> float:
        """The quantity filled so far."""
        return sum(fill.quantity for fill in self.fills if fill.at <= now)

    def status(self, now: float) -> str:
        """Schwab's status at an instant."""
        if self.strategy == "OCO":
            return self._shell_status(now)
        reached = {
            "REJECTED": bool(self.rejection) and self.accepted_at <= now,
            "CANCELED": _is_past(self.canceled_at, now),
            "FILLED": self.filled(now) >= self.quantity,
            "REPLACED": _is_past(self.replaced_at, now),
            "EXPIRED": _is_past(self.expired_at, now),
            "AWAITING_PARENT_ORDER": self.awaits is not None and now < self.awaits,
            "PENDING_CANCEL": _is_past(self.cancel_asked, now),
            "PENDING_REPLACE": _is_past(self.replace_asked, now),
            "PENDING_ACKNOWLEDGEMENT": now < self.accepted_at,
            "PENDING_ACTIVATION": self.released is not None and now < self.released,
        }
        return next((status for status, holds in reached.items() if holds), self.open_status)

    def _shell_status(self, now: float) -> str:
        states = [child.status(now) for child in self.children]
        if "FILLED" in states:
            return "FILLED"
        return next((state for state in states if state not in CLOSED), states[0])

    def closed_at(self, now: float) -> float | None:
        """When the order reached its final status; None while it is open."""
        status = self.status(now)
        if status == "FILLED" and self.fills:
            return self.fills[-1].at
        closes = {
            "REJECTED": self.accepted_at,
            "CANCELED": self.canceled_at,
            "REPLACED": self.replaced_at,
            "EXPIRED": self.expired_at,
        }
        return closes.get(status)


def _is_past(instant: float | None, now: float) -> bool:
    return instant is not None and instant <= now


@dataclass(frozen=True, slots=True)
class Trade:
    """One leg of one execution; `quantity` is signed."""

    at: float
    symbol: str
    quantity: float
    effect: str


def order_id(day: date, account_index: int, sequence: int) -> int:
    """A 13-digit id that says which day, account and plan it belongs to."""
    return 1_000_000_000_000 + (day.toordinal() - EPOCH_DAY) * 100_000 + account_index * 1000 + sequence


def day_of_order(identifier: int) -> date | None:
    """The Eastern date that an order id was made for; None for a number that is no such id."""
    ordinal = (identifier - 1_000_000_000_000) // 100_000 + EPOCH_DAY
    return date.fromordinal(ordinal) if EPOCH_DAY <= ordinal < date.max.toordinal() else None


def flat(order: Order) -> Iterator[Order]:
    """The order and everything nested under it."""
    yield order
    for child in order.children:
        yield from flat(child)


def own_trades(order: Order) -> Iterator[Trade]:
    """Every leg of every execution in the plan of the order itself, whatever the time."""
    for fill in order.fills:
        for leg in order.legs:
            share = leg.quantity * fill.quantity / order.quantity
            yield Trade(fill.at, leg.symbol, leg.sign * share, leg.effect)


def trades_of(order: Order) -> Iterator[Trade]:
    """The trades of the order and of everything nested under it."""
    for single in flat(order):
        yield from own_trades(single)
