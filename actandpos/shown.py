"""What a reader gets: summaries, positions and orders with everything that is computed when read."""

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct, field


class Summary(Struct, frozen=True):
    """The figures of one account, or of all (`account_id` null). US dollars; `pl_day_percent` in percent."""

    account_id: int | None
    display_name: str
    account_type: str | None
    net_liq: Decimal | None
    cash: Decimal | None
    margin_balance: Decimal | None
    short_balance: Decimal | None
    equity: Decimal | None
    stock_buying_power: Decimal | None
    option_buying_power: Decimal | None
    day_trading_buying_power: Decimal | None
    maintenance_requirement: Decimal | None
    long_market_value: Decimal | None
    short_market_value: Decimal | None
    pl_open: Decimal | None
    pl_day: Decimal | None
    pl_day_percent: Decimal | None
    as_of: datetime | None
    checked_at: datetime | None
    version: int
    is_stale: bool
    link_state: str
    missing: dict[str, str] = field(default_factory=dict)
    pl_day_since: date | None = None
    """The session whose close the day's P/L starts from."""


class PositionView(Struct, frozen=True):
    """One holding as shown: the stored row with its share of net liq and its days to expiration."""

    id: int
    account_id: int
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
    net_liq_percent: Decimal | None
    pl_open: Decimal | None
    pl_open_percent: Decimal | None
    pl_day: Decimal | None
    pl_day_percent: Decimal | None
    put_call: str | None
    strike: Decimal | None
    expiration: date | None
    days_to_expiration: int | None
    as_of: datetime
    missing: dict[str, str]
    pl_day_source: str = "broker"
    """`computed`: from the day's fills, which the broker's figure contradicts."""
    pl_day_broker: Decimal | None = None
    """The broker's own figure where another is shown."""


class PositionFigures(Struct, frozen=True):
    """Of a holding no more than what marks move, as shown, and what that is worked out from."""

    id: int
    account_id: int
    symbol: str
    underlying: str
    asset_type: str
    quantity: Decimal
    multiplier: Decimal
    mark_price: Decimal | None
    mark_change: Decimal | None
    market_value: Decimal | None
    cost_basis: Decimal | None
    pl_open: Decimal | None
    pl_open_percent: Decimal | None
    pl_day: Decimal | None
    pl_day_percent: Decimal | None


class OrderView(Struct, frozen=True):
    """One order as shown; `parent_id` is the `id` of the order that it hangs under."""

    id: int
    account_id: int
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
    legs: list[dict[str, object]]
    parent_id: int | None
    entered_at: datetime | None
    closed_at: datetime | None
    status_description: str | None
    structure: str
    spread: str
    session: str
    cancel_at: datetime | None
    terms: dict[str, str]
    replaces_id: int | None
    replaced_by_id: int | None
    fees: Decimal | None
    missing: dict[str, str]


class OrdersToday(Struct, frozen=True):
    """The orders of one trading day in US Eastern, by group, newest first."""

    trading_day: date
    orders_checked_at: datetime | None
    """The oldest of the accounts' last readings; null while the orders of any account were never read."""
    working: list[OrderView]
    filled: list[OrderView]
    canceled: list[OrderView]


class AccountStatus(Struct, frozen=True):
    """Whether the accounts may trade freely: `ok_to_trade`, `review_required` or `unknown`, and why."""

    state: str
    text: str
    reasons: list[str]


class NetLiqView(Struct, frozen=True):
    """What accounts were worth at a moment."""

    at: datetime
    net_liq: Decimal


class Flow(Struct, frozen=True):
    """What was paid in (positive) or out: `deposit`, `withdrawal` or `transfer`."""

    at: datetime
    amount: Decimal
    kind: str


class NetLiqHistory(Struct, frozen=True):
    """The net liquidating value over a range, oldest first."""

    start: datetime
    end: datetime
    previous_close: Decimal | None
    """Of the day before, for a single day: its base line."""
    points: list[NetLiqView]
    flows: list[Flow]
    change: Decimal | None
    return_percent: Decimal | None
    missing: dict[str, str]


class StrategyView(Struct, frozen=True, kw_only=True):
    """Legs that belong together, with their sums in US dollars."""

    key: str
    account_id: int
    underlying: str
    """Empty when the trader put several together."""
    kind: str
    name: str
    chosen: bool
    parts: list[tuple[int, str, str, Decimal]]
    """Position id, symbol, asset type and signed units of each leg."""
    market_value: Decimal | None
    cost_basis: Decimal | None
    pl_open: Decimal | None
    pl_day: Decimal | None
    days_to_expiration: int | None
    missing: dict[str, str]
