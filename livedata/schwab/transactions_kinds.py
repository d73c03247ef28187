"""What a transaction of Schwab's is to the book: trade, dividend, deposit … told by its type, rows and description."""

import re
from decimal import Decimal

from actandpos.transaction_types import TransferItemRow
from livedata.schwab.transactions_wire import TransactionWire

DEPOSITS = {"ACH_RECEIPT", "CASH_RECEIPT", "WIRE_IN"}
WITHDRAWALS = {"ACH_DISBURSEMENT", "CASH_DISBURSEMENT", "WIRE_OUT"}
MOVES = {"RECEIVE_AND_DELIVER", "JOURNAL"}
INTEREST = re.compile(r"\bBANK INT\b|\bINTEREST\b|\b(CREDIT|DEBIT|MARGIN|BOND|SCHWAB1) INT\b", re.IGNORECASE)
"""What Schwab writes of interest; everything else of DIVIDEND_OR_INTEREST is taken for a dividend."""


def kind_of(sent: TransactionWire, items: list[TransferItemRow]) -> str:
    """Return the book's kind. A type that is new to us is `other`."""
    securities = [item for item in items if item.underlying]
    if sent.type == "TRADE":
        return "trade"
    if items and not securities and all(item.fee_type for item in items):
        return "fee"
    if sent.type in MOVES:
        # Assigned, exercised and expired options leave by RECEIVE_AND_DELIVER, and so do transferred ones; which of
        # these it was is told where lots are matched.
        options = any(item.asset_type == "OPT" for item in securities)
        return "option_event" if options and sent.type == "RECEIVE_AND_DELIVER" else "transfer"
    if sent.type == "DIVIDEND_OR_INTEREST":
        return _dividend_or_interest(sent)
    return _cash_kind(sent.type, sent.net_amount or Decimal(0))


def _dividend_or_interest(sent: TransactionWire) -> str:
    """Tell the two apart by `qualifiedDividend`, which only dividends carry, and by the description."""
    if sent.qualified_dividend is not None:
        return "dividend"
    return "interest" if INTEREST.search(sent.description or "") else "dividend"


def _cash_kind(type_: str, amount: Decimal) -> str:
    """Return the kind of a movement of cash; ELECTRONIC_FUND goes both ways."""
    if type_ in DEPOSITS:
        return "deposit"
    if type_ in WITHDRAWALS:
        return "withdrawal"
    if type_ == "ELECTRONIC_FUND":
        return "withdrawal" if amount < 0 else "deposit"
    return "other"
