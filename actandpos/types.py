"""The words of the book as frozen values: what a broker's room hands over, whatever the broker.

Every number is a `Decimal` already rounded to its stored scale (money 4 places, prices 8, quantities 6) or
`None` when the broker did not send it; `missing` then says why, by field name.
"""

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct, field


class Balances(Struct, frozen=True, kw_only=True):
    """The balances of one account, in US dollars."""

    net_liq: Decimal | None = None
    cash: Decimal | None = None
    margin_balance: Decimal | None = None
    short_balance: Decimal | None = None
    equity: Decimal | None = None
    stock_buying_power: Decimal | None = None
    option_buying_power: Decimal | None = None
    day_trading_buying_power: Decimal | None = None
    maintenance_requirement: Decimal | None = None
    long_market_value: Decimal | None = None
    short_market_value: Decimal | None = None
    missing: dict[str, str] = field(default_factory=dict)


class PositionRow(Struct, frozen=True, gc=False):
    """One holding. Signed: a short has a negative quantity, market value and cost basis."""

    symbol: str
    underlying: str
    description: str | None
    asset_type: str
    broker_asset_type: str
    quantity: Decimal
    avg_price: Decimal | None
    mark_price: Decimal | None
    mark_change: Decimal | None
    multiplier: Decimal
    market_value: Decimal | None
    cost_basis: Decimal | None
    pl_open: Decimal | None
    pl_open_percent: Decimal | None
    pl_day: Decimal | None
    pl_day_percent: Decimal | None
    put_call: str | None = None
    strike: Decimal | None = None
    expiration: date | None = None
    missing: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    """Tells two raw rows apart without reading them: equal digests, equal rows."""

    @property
    def key(self) -> tuple[str, str]:
        """What identifies a position inside its account."""
        return (self.symbol, self.asset_type)


class RejectedRow(Struct, frozen=True, kw_only=True):
    """A row that could not be read: what it was as far as known, and why. The stored row, if any, stays."""

    symbol: str | None
    reason: str


class AccountSnapshot(Struct, frozen=True, kw_only=True):
    """One whole, readable answer about one account."""

    account_type: str
    balances: Balances
    positions: list[PositionRow]
    rejected: list[RejectedRow] = field(default_factory=list)
    restrictions: list[str] = field(default_factory=list)
    """For a review: `closing_only`, `maintenance_call`, `reg_t_call`, `day_trading_call`, `in_call`."""
    observed_at: datetime
    """When the request was sent: of two answers the one asked for later is the newer."""
    fresh_until: datetime
    """When the next answer should have arrived; later than this the figures are stale."""
    pl_day_since: date | None = None
    """The session whose close the day's P/L starts from."""


class OrderLegRow(Struct, frozen=True, kw_only=True):
    """One leg of an order."""

    leg_id: int = 1
    symbol: str
    underlying: str = ""
    asset_type: str
    side: str
    position_effect: str | None
    quantity: Decimal | None
    put_call: str | None = None
    strike: Decimal | None = None
    expiration: date | None = None


class FillRow(Struct, frozen=True, kw_only=True):
    """One execution of one leg: units and US dollars per unit. `leg_id` 0: the broker did not say which."""

    key: str
    """Tells the fills of one order apart, however often and in whatever order they are listed."""
    leg_id: int
    symbol: str
    side: str
    quantity: Decimal
    price: Decimal
    filled_at: datetime | None


class OrderEventRow(Struct, frozen=True, kw_only=True):
    """Something that happened to an order besides its fills."""

    key: str
    at: datetime
    kind: str
    """`status`, `changed` or `canceled`."""
    status: str = ""
    text: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None


class OrderRow(Struct, frozen=True, kw_only=True):
    """One order as the broker lists it; children name their parent by the broker's id."""

    broker_order_id: str
    symbol: str
    asset_type: str
    side: str
    position_effect: str | None
    quantity: Decimal | None
    filled_quantity: Decimal | None
    order_type: str
    limit_price: Decimal | None
    stop_price: Decimal | None
    avg_fill_price: Decimal | None
    duration: str
    status: str
    status_group: str
    """`working`, `filled` or `canceled` (with rejected, expired and replaced)."""
    legs: list[OrderLegRow]
    parent_broker_order_id: str | None
    entered_at: datetime | None
    closed_at: datetime | None
    status_description: str | None
    replaces_broker_order_id: str | None = None
    structure: str = "SINGLE"
    """`SINGLE`, `TRIGGER`, `OCO` …: how the order hangs together with others."""
    spread: str = "NONE"
    """The broker's name of the combination."""
    session: str = ""
    cancel_at: datetime | None = None
    terms: dict[str, str] = field(default_factory=dict)
    """What else was asked: stop type, trail, special instruction, source."""
    fills: list[FillRow] = field(default_factory=list)
    told: list[OrderEventRow] = field(default_factory=list)
    """What the broker told of the order's life, with its own times: cancellations of a quantity."""
    missing: dict[str, str] = field(default_factory=dict)
    """Why a figure is null, or what is doubtful about it, by its name."""


class RemovedKey(Struct, frozen=True, kw_only=True):
    """A position that left the book."""

    id: int
    symbol: str
    asset_type: str


class SnapshotChange(Struct, frozen=True, kw_only=True):
    """What `apply_snapshot` did to one account."""

    outcome: str
    """`applied` (something changed), `unchanged`, `older` (refused), `suspect` (refused until it repeats)."""
    account_id: int
    base_version: int
    version: int
    balances_changed: bool = False
    changed_ids: list[int] = field(default_factory=list)
    removed: list[RemovedKey] = field(default_factory=list)
    closed_changed: bool = False
    """Whether the list of positions closed today is another one."""
    rows_written: int = 0
    reason: str = ""


class OrdersChange(Struct, frozen=True, kw_only=True):
    """What `apply_orders` or `apply_more_orders` did to the orders of one account."""

    outcome: str
    """`applied` (something changed), `unchanged` or `older` (refused)."""
    account_id: int
    base_version: int
    version: int
    """Of the orders (`Account.orders_version`), counted apart from the version of the positions."""
    changed_ids: list[int] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)
    """Broker ids of stored working orders that the list should show and does not: ask for them singly."""
    rejected: list[RejectedRow] = field(default_factory=list)
    reason: str = ""
