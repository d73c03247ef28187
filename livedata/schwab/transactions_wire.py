"""The shapes of Schwab's transactions (reference §2.5) as far as Thor reads them. Unknown keys are ignored."""

from typing import Annotated

from msgspec import Meta, Struct

from livedata.schwab.wire import InstrumentWire, Number, Text

ActivityId = (
    Annotated[str, Meta(pattern=r"\A[0-9A-Za-z-]{1,32}\Z")] | Annotated[int, Meta(ge=0, le=2**63 - 1)]
)


class TransferInstrumentWire(InstrumentWire, rename="camel", frozen=True):
    """An instrument as transactions carry it: more than in positions."""

    expiration_date: Text | None = None
    strike_price: Number = None
    option_premium_multiplier: Number = None


class TransferItemWire(Struct, rename="camel", frozen=True):
    """One element of `transferItems`."""

    instrument: TransferInstrumentWire
    amount: Number = None
    cost: Number = None
    price: Number = None
    fee_type: Text | None = None
    position_effect: Text | None = None


class TransactionWire(Struct, rename="camel", frozen=True):
    """One transaction."""

    activity_id: ActivityId
    time: str | None = None
    type: Text = ""
    status: Text = ""
    sub_account: Text = ""
    trade_date: str | None = None
    settlement_date: str | None = None
    order_id: ActivityId | None = None
    net_amount: Number = None
    description: Text | None = None
    qualified_dividend: bool | None = None
    transfer_items: list[TransferItemWire] | None = None


class IdOnly(Struct, rename="camel", frozen=True):
    """Just enough to know a transaction again that could not be read."""

    activity_id: ActivityId | None = None
