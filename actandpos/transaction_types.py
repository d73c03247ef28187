"""The words of the statement as frozen values: what a broker's room hands over, and what was done with it.

Numbers are `Decimal` already rounded to their stored scale (money 4 places, prices 8, quantities 6) or `None` when
the broker did not send them; `missing` then says why, by field name.
"""

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct, field

IGNORED = ("INVALID", "PENDING", "UNLISTED")
"""Statuses of transactions that stay in the book but count in no sum and close no lot."""
UNLISTED = "UNLISTED"
"""Thor's own: the broker listed it once and, twice in a row, no more."""


class TransferItemRow(Struct, frozen=True, kw_only=True):
    """One row inside a transaction: a security that moved, cash, or (with a `fee_type`) a fee."""

    symbol: str
    underlying: str
    """Empty for cash and fees."""
    asset_type: str
    description: str | None
    quantity: Decimal | None
    """Signed: received positive."""
    price: Decimal | None
    cost: Decimal | None
    """Signed effect on cash: paid negative."""
    fee_type: str | None
    position_effect: str | None
    multiplier: Decimal
    put_call: str | None = None
    strike: Decimal | None = None
    expiration: date | None = None


class TransactionRow(Struct, frozen=True, kw_only=True):
    """One transaction as the broker books it; of a multi-leg trade there is one per leg."""

    broker_activity_id: str
    at: datetime
    trade_date: date
    settlement_date: date | None
    broker_type: str
    kind: str
    """`trade`, `option_event`, `dividend`, `interest`, `fee`, `deposit`, `withdrawal`, `transfer` or `other`."""
    status: str
    sub_account: str
    broker_order_id: str | None
    net_amount: Decimal | None
    fees: Decimal | None
    description: str
    items: list[TransferItemRow]
    missing: dict[str, str] = field(default_factory=dict)
    digest: str = ""


class RejectedTransactionRow(Struct, frozen=True, kw_only=True):
    """A transaction that could not be read: by what it is known again, and why."""

    key: str
    reason: str


class TransactionPage(Struct, frozen=True, kw_only=True):
    """All transactions of one account in a window of time, as one answer listed them."""

    start: datetime
    end: datetime
    rows: list[TransactionRow]
    rejected: list[RejectedTransactionRow] = field(default_factory=list)
    read_at: datetime


class TransactionsChange(Struct, frozen=True, kw_only=True):
    """What applying a page did."""

    account_id: int
    base_version: int
    version: int
    added: int = 0
    rewritten: int = 0
    unlisted: int = 0
    symbols_rebuilt: int = 0
    lots_written: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def rows_written(self) -> int:
        """How many transactions were written."""
        return self.added + self.rewritten + self.unlisted
