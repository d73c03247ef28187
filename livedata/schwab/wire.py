"""The shapes of Schwab's answers as far as Thor reads them (reference §2.2–§2.4). Unknown keys are ignored.

Numbers become `Decimal` straight from the text. `Raw` leaves a row unread until its turn, so that one bad row does
not spoil the others.
"""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Raw, Struct

Number = Decimal | None
Text = Annotated[str, Meta(pattern=r"\A[^\x00]*\Z")]
"""PostgreSQL keeps no text with a NUL character in it."""
AccountNumber = Annotated[str, Meta(pattern=r"\A\s*[0-9A-Za-z]{1,32}\s*\Z")] | Annotated[int, Meta(ge=0)]
"""Text in accounts and preferences, an integer in orders (§2.0)."""
OrderId = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z-]{1,32}\Z")] | Annotated[int, Meta(ge=0, le=2**63 - 1)]


LegId = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class InstrumentWire(Struct, rename="camel", frozen=True):
    """§2.3 instrument; EQUITY rows carry no description, options no strike or expiry."""

    symbol: Text | None = None
    asset_type: Text = ""
    description: Text | None = None
    net_change: Number = None
    put_call: Text | None = None
    underlying_symbol: Text | None = None


class HeldInstrumentWire(InstrumentWire, rename="camel", frozen=True, gc=False):
    """The instrument of a position row. Its texts are looked through together, not by a pattern for each."""

    symbol: str | None = None
    asset_type: str = ""
    description: str | None = None
    put_call: str | None = None
    underlying_symbol: str | None = None


class PositionWire(Struct, rename="camel", frozen=True, gc=False):
    """§2.3 position row."""

    instrument: HeldInstrumentWire
    long_quantity: Number = None
    short_quantity: Number = None
    average_price: Number = None
    market_value: Number = None
    current_day_profit_loss: Number = None
    current_day_profit_loss_percentage: Number = None
    long_open_profit_loss: Number = None
    short_open_profit_loss: Number = None


class BalancesWire(Struct, rename="camel", frozen=True):
    """§2.2 currentBalances; which keys arrive depends on the account's type."""

    liquidation_value: Number = None
    cash_balance: Number = None
    margin_balance: Number = None
    short_balance: Number = None
    equity: Number = None
    buying_power: Number = None
    buying_power_non_marginable_trade: Number = None
    available_funds_non_marginable_trade: Number = None
    cash_available_for_trading: Number = None
    day_trading_buying_power: Number = None
    maintenance_requirement: Number = None
    long_market_value: Number = None
    short_market_value: Number = None
    maintenance_call: Number = None
    reg_t_call: Number = None
    cash_call: Number = None
    cash_debit_call_value: Number = None


class InitialWire(Struct, rename="camel", frozen=True):
    """§2.2 initialBalances, of which only the calls are read that no other block carries."""

    is_in_call: bool | Decimal | None = None
    day_trading_equity_call: Number = None


class ProjectedWire(Struct, rename="camel", frozen=True):
    """§2.2 projectedBalances, of which only the calls are read."""

    is_in_call: bool | Decimal | None = None
    day_trading_buying_power_call: Number = None


class AccountWire(Struct, rename="camel", frozen=True):
    """§2.2 securitiesAccount; `positions` is absent when the account holds nothing."""

    type: Text
    account_number: AccountNumber
    current_balances: BalancesWire
    positions: list[Raw] | None = None
    initial_balances: InitialWire | None = None
    projected_balances: ProjectedWire | None = None
    is_closing_only_restricted: bool | None = None


class AccountEnvelope(Struct, rename="camel", frozen=True):
    """One element of `GET /accounts`, read down to its rows."""

    securities_account: AccountWire


class UnreadEnvelope(Struct, rename="camel", frozen=True):
    """The same, its account unread."""

    securities_account: Raw


class NumberOnly(Struct, rename="camel", frozen=True):
    """Just enough to say which account could not be read."""

    account_number: AccountNumber | None = None


class SymbolOnly(Struct, rename="camel", frozen=True):
    """Just enough to say which instrument could not be read."""

    symbol: Text | None = None


class RowSymbol(Struct, rename="camel", frozen=True):
    """Just enough to say which row could not be read."""

    instrument: SymbolOnly | None = None


class LegWire(Struct, rename="camel", frozen=True):
    """§2.4 orderLegCollection element."""

    instrument: InstrumentWire
    order_leg_type: Text = ""
    leg_id: LegId | None = None
    instruction: Text = ""
    position_effect: Text | None = None
    quantity: Number = None
    quantity_type: Text | None = None
    div_cap_gains: Text | None = None
    to_symbol: Text | None = None


class ExecutionWire(Struct, rename="camel", frozen=True):
    """§2.4 executionLegs element."""

    leg_id: LegId | None = None
    quantity: Number = None
    price: Number = None
    time: str | None = None


class ActivityWire(Struct, rename="camel", frozen=True):
    """§2.4 orderActivityCollection element; only `executionType` FILL is a fill."""

    activity_type: str = ""
    activity_id: OrderId | None = None
    execution_type: str = ""
    quantity: Number = None
    execution_legs: list[ExecutionWire] | None = None


class OrderWire(Struct, rename="camel", frozen=True):
    """§2.4 order; an OCO is a shell with children only."""

    order_id: OrderId
    account_number: AccountNumber | None = None
    status: Text = ""
    order_type: Text = ""
    order_strategy_type: Text = ""
    duration: Text = ""
    quantity: Number = None
    filled_quantity: Number = None
    price: Number = None
    stop_price: Number = None
    order_leg_collection: list[LegWire] | None = None
    order_activity_collection: list[ActivityWire] | None = None
    child_order_strategies: "list[OrderWire] | None" = None
    entered_time: str | None = None
    close_time: str | None = None
    status_description: Text | None = None
    complex_order_strategy_type: Text = ""
    session: Text = ""
    cancel_time: str | None = None
    release_time: str | None = None
    stop_type: Text | None = None
    stop_price_link_basis: Text | None = None
    stop_price_link_type: Text | None = None
    stop_price_offset: Number = None
    price_link_basis: Text | None = None
    price_link_type: Text | None = None
    activation_price: Number = None
    tax_lot_method: Text | None = None
    special_instruction: Text | None = None
    requested_destination: Text | None = None
    destination_link_name: Text | None = None
    tag: Text | None = None
    replacing_order_collection: Raw = Raw(b"null")
    """In Schwab's specification, never seen: what it holds is read apart, so that it cannot spoil the order."""
