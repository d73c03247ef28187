"""Pure functions from Schwab's account answers to the book's types, by the table of fields in the design.

A row that cannot be read becomes a `RejectedRow` with its reason; an account that cannot be read becomes an
`UnreadableAccount`; an answer that is no list of accounts at all raises `SchwabOddAnswer`.
"""

from datetime import datetime
from decimal import Decimal
from itertools import repeat

import msgspec
import xxhash
from msgspec import Struct, field

from actandpos.plain import plain
from actandpos.types import AccountSnapshot, Balances, PositionRow, RejectedRow
from livedata.schwab import wire
from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.identity import padded_number
from livedata.schwab.lastrows import LastRows
from livedata.schwab.merging import merge_duplicates
from livedata.schwab.numbers import UnusableNumber, money
from livedata.schwab.positions import position_rows
from livedata.schwab.unreadable import UNREADABLE, number_of, reason_of, symbol_of

FORMAT = 2
"""Goes into every digest: raise it when rows are read in a new way, so that stored rows are written anew."""

_accounts = msgspec.json.Decoder(list[wire.AccountEnvelope])
_list = msgspec.json.Decoder(list[msgspec.Raw])
_envelope = msgspec.json.Decoder(wire.UnreadEnvelope)
_account = msgspec.json.Decoder(wire.AccountWire)
_position = msgspec.json.Decoder(wire.PositionWire)


class AccountReading(Struct, frozen=True):
    """One account of an answer: its plain number (for recognising it, never for showing) and what it said."""

    number: str
    snapshot: AccountSnapshot
    notes: list[str] = field(default_factory=list)


class UnreadableAccount(Struct, frozen=True):
    """One account of an answer that could not be read; nothing of it is applied."""

    number: str | None
    reason: str


def read_accounts(
    body: bytes, observed_at: datetime, fresh_until: datetime
) -> list[AccountReading | UnreadableAccount]:
    """Read the body of `GET /accounts?fields=positions`.

    Raises:
        SchwabOddAnswer: it is not a JSON list of accounts.
    """
    try:
        envelopes = _accounts.decode(body)
    except UNREADABLE:
        return _read_elements(body, observed_at, fresh_until)
    return [_read(each.securities_account, observed_at, fresh_until) for each in envelopes]


def _read_elements(
    body: bytes, observed_at: datetime, fresh_until: datetime
) -> list[AccountReading | UnreadableAccount]:
    """Read a list of accounts of which one, or the list itself, cannot be read."""
    try:
        raws = _list.decode(body)
    except UNREADABLE as error:
        raise SchwabOddAnswer("It was not a list of accounts.") from error
    return [_read_element(raw, observed_at, fresh_until) for raw in raws]


def _read_element(
    raw: msgspec.Raw, observed_at: datetime, fresh_until: datetime
) -> AccountReading | UnreadableAccount:
    """Read one element of the list."""
    try:
        envelope = _envelope.decode(raw)
    except UNREADABLE as error:
        return UnreadableAccount(None, reason_of(error))
    return _read_raw(envelope.securities_account, observed_at, fresh_until)


def read_account(
    body: bytes, observed_at: datetime, fresh_until: datetime
) -> AccountReading | UnreadableAccount:
    """Read the body of `GET /accounts/{hash}?fields=positions`.

    Raises:
        SchwabOddAnswer: it is not a JSON account.
    """
    try:
        envelope = _envelope.decode(body)
    except UNREADABLE as error:
        raise SchwabOddAnswer("It was not an account.") from error
    return _read_raw(envelope.securities_account, observed_at, fresh_until)


def _read_raw(
    raw: msgspec.Raw, observed_at: datetime, fresh_until: datetime
) -> AccountReading | UnreadableAccount:
    """Read one `securitiesAccount` from its text."""
    try:
        account = _account.decode(raw)
    except UNREADABLE as error:
        return UnreadableAccount(number_of(raw), reason_of(error))
    return _read(account, observed_at, fresh_until)


def _read(
    account: wire.AccountWire, observed_at: datetime, fresh_until: datetime
) -> AccountReading | UnreadableAccount:
    """Read one `securitiesAccount`."""
    number = padded_number(account.account_number)
    try:
        balances = read_balances(account)
    except UNREADABLE as error:
        return UnreadableAccount(number, reason_of(error))
    rows, rejected = _rows.read(number, account.positions or [])
    rows, unmerged, notes = merge_duplicates(rows)
    snapshot = AccountSnapshot(
        account_type=account.type[:20],
        balances=balances,
        positions=rows,
        rejected=rejected + unmerged,
        restrictions=restrictions(account),
        observed_at=observed_at,
        fresh_until=fresh_until,
    )
    return AccountReading(number, snapshot, notes)


def read_rows(raws: list[msgspec.Raw]) -> tuple[list[PositionRow], list[RejectedRow]]:
    """Read position rows together; when that fails, by halves, until what cannot be read stands alone."""
    try:
        digests = list(map(xxhash.xxh3_128_hexdigest, raws, repeat(FORMAT)))
        return position_rows(list(map(_position.decode, raws)), digests), []
    except UNREADABLE as error:
        if len(raws) == 1:
            return [], [RejectedRow(symbol=symbol_of(raws[0]), reason=reason_of(error))]
    middle = len(raws) // 2
    (rows, rejected), (more, others) = read_rows(raws[:middle]), read_rows(raws[middle:])
    return rows + more, rejected + others


_rows = LastRows(read_rows)


def read_balances(account: wire.AccountWire) -> Balances:
    """Read the balances by the account's type: what CASH does not have is None, never 0."""
    sent, cash = account.current_balances, account.type == "CASH"
    option_power = sent.buying_power_non_marginable_trade
    if option_power is None:
        option_power = sent.available_funds_non_marginable_trade
    sources: dict[str, tuple[Decimal | None, str]] = {
        "net_liq": (sent.liquidation_value, "liquidationValue"),
        "cash": (sent.cash_balance, "cashBalance"),
        "margin_balance": (sent.margin_balance, "marginBalance"),
        "short_balance": (sent.short_balance, "shortBalance"),
        "equity": (sent.equity, "equity"),
        "stock_buying_power": (sent.buying_power, "buyingPower"),
        "option_buying_power": (option_power, "buyingPowerNonMarginableTrade"),
        "day_trading_buying_power": (sent.day_trading_buying_power, "dayTradingBuyingPower"),
        "maintenance_requirement": (sent.maintenance_requirement, "maintenanceRequirement"),
        "long_market_value": (sent.long_market_value, "longMarketValue"),
        "short_market_value": (sent.short_market_value, "shortMarketValue"),
    }
    if cash:
        available = (sent.cash_available_for_trading, "cashAvailableForTrading")
        sources |= {
            "equity": sources["net_liq"],
            "stock_buying_power": available,
            "option_buying_power": available,
        }
        margin_only = (
            "margin_balance",
            "short_balance",
            "day_trading_buying_power",
            "maintenance_requirement",
        )
        sources |= dict.fromkeys(margin_only, (None, ""))
    values = {name: money(value, key) for name, (value, key) in sources.items()}
    missing = {name: _why(key) for name, (value, key) in sources.items() if value is None}
    return Balances(**values, missing=missing)


def _why(key: str) -> str:
    """Say why a balance is not there."""
    return f"Schwab did not send {key}." if key else "A cash account has no margin figures."


def restrictions(account: wire.AccountWire) -> list[str]:
    """Return the codes of what asks for a review (§2.2 flags and calls), a call's with its US dollars behind a colon.

    Which block of balances carries a call depends on the account's type; the present one is asked first.
    """
    sent, projected = account.current_balances, account.projected_balances or wire.ProjectedWire()
    begun = account.initial_balances or wire.InitialWire()
    found = {
        "closing_only": account.is_closing_only_restricted,
        "maintenance_call": sent.maintenance_call,
        "reg_t_call": sent.reg_t_call,
        "cash_call": sent.cash_call,
        "cash_debit_call": sent.cash_debit_call_value,
        "day_trading_call": projected.day_trading_buying_power_call,
        "day_trading_equity_call": begun.day_trading_equity_call,
        "in_call": begun.is_in_call if projected.is_in_call is None else projected.is_in_call,
    }
    return [_with_amount(code, value) for code, value in found.items() if value]


FLAGS = ("closing_only", "in_call")


def _with_amount(code: str, value: bool | Decimal) -> str:
    """Return a call's code with its amount; one that is out of range is a call all the same."""
    if code in FLAGS or isinstance(value, bool):
        return code
    try:
        return f"{code}:{plain(money(value, code))}"
    except UnusableNumber:
        return code
