"""Transactions: the body of `GET /accounts/{hash}/transactions` (reference §2.5) into the book's rows.

A transaction that cannot be read becomes a `RejectedTransactionRow` with its reason and the others go on.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import blake2b

import msgspec
from msgspec import Struct

from actandpos.eastern import eastern_day
from actandpos.transaction_types import RejectedTransactionRow, TransactionRow, TransferItemRow
from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.identity import masked
from livedata.schwab.numbers import EXACT, UnusableNumber, money, price, quantity
from livedata.schwab.positions import ASSET_TYPES, MULTIPLIERS, ONE, OTHER, contract
from livedata.schwab.times import moment_of
from livedata.schwab.transactions_kinds import kind_of
from livedata.schwab.transactions_wire import (
    IdOnly,
    TransactionWire,
    TransferInstrumentWire,
    TransferItemWire,
)
from livedata.schwab.unreadable import UNREADABLE, reason_of

FORMAT = b"transactions-1"
"""Goes into every digest: raise it when rows are read in a new way, so that stored rows are written anew."""
UNNAMED_FEE = "UNKNOWN"
"""The type of a fee row that names none (§2.5)."""
ACCOUNT_NUMBER = re.compile(r"(?<![\w-])(\d{4}-\d{4}|\d{7,})(?![\w-])")
"""Descriptions of transfers name the other account; nowhere is an account number kept that can be read."""
ZERO = Decimal(0)
NO_NET = "Schwab did not send netAmount."
NO_TICKER = "Schwab names no symbol in dividends and interest."
DERIVED_FEES = "Schwab listed no fee rows; this is what is left between the rows and netAmount."
_list = msgspec.json.Decoder(list[msgspec.Raw])
_transaction = msgspec.json.Decoder(TransactionWire)
_id = msgspec.json.Decoder(IdOnly)


class TransactionsReading(Struct, frozen=True):
    """The rows of an answer by time, what could not be read, and how many rows came (3,000 fill a page)."""

    rows: list[TransactionRow]
    rejected: list[RejectedTransactionRow]
    count: int


def read_transactions(body: bytes) -> TransactionsReading:
    """Read the body; the answers are not reliably sorted and may list one transaction twice.

    Raises:
        SchwabOddAnswer: it is not a JSON list.
    """
    try:
        raws = _list.decode(body)
    except UNREADABLE as error:
        raise SchwabOddAnswer("It was not a list of transactions.") from error
    rows: dict[str, TransactionRow] = {}
    rejected: dict[str, RejectedTransactionRow] = {}
    for raw in raws:
        try:
            row = transaction_row(_transaction.decode(raw))
        except UNREADABLE as error:
            refused = RejectedTransactionRow(key=_key(raw), reason=reason_of(error)[:300])
            rejected[refused.key] = refused
        else:
            rows[row.broker_activity_id] = row
    ordered = sorted(rows.values(), key=lambda row: (row.at, row.broker_activity_id.zfill(32)))
    return TransactionsReading(ordered, list(rejected.values()), len(raws))


def transaction_row(sent: TransactionWire) -> TransactionRow:
    """Return the book's row for one transaction. Raises `UnusableNumber` when it has no time or a wild number."""
    at = moment_of(sent.time) or moment_of(sent.trade_date)
    if at is None:
        raise UnusableNumber("The transaction has no time.")
    items = _items(sent)
    net = money(sent.net_amount, "netAmount")
    fees, missing = _fees(items, net)
    if net is None:
        missing["net_amount"] = NO_NET
    elif (difference := _difference(items, net, fees)) is not None:
        missing["net_amount"] = f"Schwab's netAmount differs by {difference:f} from the sum of its rows."
    kind = kind_of(sent, items)
    if kind in ("dividend", "interest"):
        missing["symbol"] = NO_TICKER
    row = TransactionRow(
        broker_activity_id=str(sent.activity_id),
        at=at,
        trade_date=_day(sent.trade_date) or eastern_day(at),
        settlement_date=_day(sent.settlement_date),
        broker_type=sent.type[:32],
        kind=kind,
        status=sent.status[:16],
        sub_account=sent.sub_account[:16],
        broker_order_id=None if sent.order_id is None else str(sent.order_id),
        net_amount=net,
        fees=fees,
        description=ACCOUNT_NUMBER.sub(_masked, sent.description or "")[:300],
        items=items,
        missing=missing,
    )
    return msgspec.structs.replace(row, digest=_digest(row))


def _masked(found: re.Match[str]) -> str:
    """Return the last three digits of a number."""
    return masked(found[0])


def _digest(row: TransactionRow) -> str:
    """Tell two readings apart by what the book keeps: closing prices inside the raw rows change every day."""
    return blake2b(msgspec.json.encode(row), digest_size=16, person=FORMAT).hexdigest()


def _key(raw: msgspec.Raw) -> str:
    """Return by what an unreadable transaction is known again: its id, else a digest of its text."""
    try:
        found = _id.decode(raw).activity_id
    except UNREADABLE:
        found = None
    return str(found) if found is not None else blake2b(bytes(raw), digest_size=16).hexdigest()


def _day(text: str | None) -> date | None:
    """Return the Eastern day of a time; date-only facts come as midnight in New York."""
    at = moment_of(text)
    return None if at is None else eastern_day(at)


def _items(sent: TransactionWire) -> list[TransferItemRow]:
    """Return the rows; beside a security a row of currency is a fee, with a `feeType` or without."""
    raw = sent.transfer_items or []
    with_security = any(not _is_cash(item.instrument) for item in raw)
    return [
        _item(item, is_fee=_is_cash(item.instrument) and (with_security or bool(item.fee_type)))
        for item in raw
    ]


def _is_cash(instrument: TransferInstrumentWire) -> bool:
    return instrument.asset_type == "CURRENCY"


def _item(item: TransferItemWire, *, is_fee: bool) -> TransferItemRow:
    """Return one row."""
    instrument, cash = item.instrument, _is_cash(item.instrument)
    symbol = (instrument.symbol or "").strip("\t\r\n")
    if not cash and (not symbol.strip() or len(symbol) > 64):
        raise UnusableNumber("The row has no usable symbol.")
    asset_type = ASSET_TYPES.get(instrument.asset_type, OTHER)
    put_call, strike, expiration = _contract(instrument) if asset_type == "OPT" else (None, None, None)
    amount, cost = quantity(item.amount, "amount"), money(item.cost, "cost")
    if is_fee and cost is None and amount is not None:
        cost = money(-amount, "cost")
    return TransferItemRow(
        symbol=symbol[:64],
        underlying="" if cash else _underlying(instrument, symbol, asset_type),
        asset_type=asset_type,
        description=instrument.description[:200] if instrument.description else None,
        quantity=amount,
        price=price(item.price, "price"),
        cost=cost,
        fee_type=(item.fee_type or UNNAMED_FEE)[:32] if is_fee else None,
        position_effect=item.position_effect[:16] if item.position_effect else None,
        multiplier=_multiplier(item, asset_type),
        put_call=put_call,
        strike=price(strike, "strikePrice"),
        expiration=expiration,
    )


def _underlying(instrument: TransferInstrumentWire, symbol: str, asset_type: str) -> str:
    """Return what an option is of, else the symbol itself."""
    if asset_type != "OPT":
        return symbol
    return (instrument.underlying_symbol or symbol[:6].strip() or symbol)[:64]


def _contract(instrument: TransferInstrumentWire) -> tuple[str | None, Decimal | None, date | None]:
    """Return put or call, strike and expiration: as sent, else as the symbol says."""
    put_call, strike, expiration = contract(instrument)
    sent = _day(instrument.expiration_date)
    return (
        put_call,
        strike if instrument.strike_price is None else instrument.strike_price,
        sent or expiration,
    )


def _multiplier(item: TransferItemWire, asset_type: str) -> Decimal:
    """Return how many units of the price one unit costs.

    Bonds come in two units (§2.5: cost = −amount × 1000 at price 100 in one capture), so theirs is told by the row.
    """
    if asset_type == "OPT" and item.instrument.option_premium_multiplier:
        return quantity(item.instrument.option_premium_multiplier, "optionPremiumMultiplier") or ONE
    usual = MULTIPLIERS.get(asset_type, ONE)
    if asset_type != "FI" or not (item.amount and item.price and item.cost):
        return usual
    ratio = EXACT.divide(abs(item.cost), abs(EXACT.multiply(item.amount, item.price)))
    return min((Decimal("0.01"), ONE, Decimal(10)), key=lambda each: abs(each - ratio) / each)


def _fees(items: Sequence[TransferItemRow], net: Decimal | None) -> tuple[Decimal | None, dict[str, str]]:
    """Return the fees, paid positive: of the fee rows, else what netAmount leaves beside the securities' cost."""
    fees = [item.cost for item in items if item.fee_type is not None]
    known = [cost for cost in fees if cost is not None]
    if len(known) < len(fees):
        return None, {"fees": "A fee row has no amount."}
    if known:
        return -sum(known, ZERO), {}
    costs = [item.cost for item in items if item.underlying]
    if not costs:
        return None, {"fees": "Schwab lists no fees here."}
    if net is None or any(cost is None for cost in costs):
        return None, {"fees": "Schwab listed no fee rows."}
    derived = sum((cost for cost in costs if cost is not None), ZERO) - net
    return (ZERO, {}) if not derived else (derived, {"fees": DERIVED_FEES})


def _difference(items: Sequence[TransferItemRow], net: Decimal, fees: Decimal | None) -> Decimal | None:
    """Return netAmount − Σ cost where there is a security and they differ; lone rows of cash carry cost 0."""
    costs = [item.cost for item in items if item.underlying]
    if not costs or fees is None or any(cost is None for cost in costs):
        return None
    difference = net - (sum((cost for cost in costs if cost is not None), ZERO) - fees)
    return difference or None
