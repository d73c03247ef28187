"""One position row: Schwab's fields and formulas (reference §2.3) into the book's row."""

import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

from actandpos.types import PositionRow
from livedata.schwab import wire
from livedata.schwab.numbers import UnusableNumber, money, price, quantity

ASSET_TYPES = {
    "EQUITY": "EQ",
    "COLLECTIVE_INVESTMENT": "ETF",
    "OPTION": "OPT",
    "MUTUAL_FUND": "MF",
    "FIXED_INCOME": "FI",
    "CASH_EQUIVALENT": "CASH",
    "FUTURE": "FUT",
    "FOREX": "FX",
    "CURRENCY": "FX",
    "INDEX": "IDX",
}
OTHER = "OTHER"
OCC = re.compile(r"^([A-Z0-9./$ ]{6})(\d{2})(\d{2})(\d{2})([CP])(\d{8})$")
ONE, HUNDRED, BOND = Decimal(1), Decimal(100), Decimal("0.01")
MULTIPLIERS = {"OPT": HUNDRED, "FI": BOND}
NO_NAME = "Schwab sends no name in equity rows; it is asked for separately."
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


def position_row(row: wire.PositionWire, digest: str) -> PositionRow:
    """Return the book's row for one of Schwab's.

    Raises:
        UnusableNumber: no symbol, no quantity, or a number that does not fit.
    """
    instrument = row.instrument
    symbol = instrument.symbol
    if not symbol or not symbol.strip() or len(symbol) > 64:
        raise UnusableNumber("The row has no usable symbol.")
    asset_type = ASSET_TYPES.get(instrument.asset_type, OTHER)
    multiplier = MULTIPLIERS.get(asset_type, ONE)
    held = _quantity(row)
    avg_price = price(row.average_price, "averagePrice")
    market_value = _signed(money(row.market_value, "marketValue"), held)
    # With the average as sent, not as stored: rounding comes once, at the end.
    cost_basis = _cost(row.average_price, held, multiplier)
    pl_open = _pl_open(row, held, market_value, cost_basis)
    put_call, strike, expiration = contract(instrument) if asset_type == "OPT" else (None, None, None)
    values = {
        "avg_price": avg_price,
        "mark_price": _mark(row.market_value, held, multiplier),
        "mark_change": price(instrument.net_change, "netChange"),
        "market_value": market_value,
        "cost_basis": money(cost_basis, "cost basis"),
        "pl_open": money(pl_open, "open P/L"),
        "pl_open_percent": percent(pl_open, cost_basis),
        "pl_day": money(row.current_day_profit_loss, "currentDayProfitLoss"),
        "pl_day_percent": money(row.current_day_profit_loss_percentage, "currentDayProfitLossPercentage"),
    }
    return PositionRow(
        symbol=symbol,
        underlying=(instrument.underlying_symbol or symbol)[:64],
        description=instrument.description[:200] if instrument.description else None,
        asset_type=asset_type,
        broker_asset_type=instrument.asset_type[:40],
        quantity=held,
        multiplier=multiplier,
        put_call=put_call,
        strike=strike,
        expiration=expiration,
        missing=_missing(values, instrument, held),
        digest=digest,
        **values,
    )


def _quantity(row: wire.PositionWire) -> Decimal:
    """Return long − short; a row with neither says nothing about what is held."""
    if row.long_quantity is None and row.short_quantity is None:
        raise UnusableNumber("The row has no quantity.")
    long = quantity(row.long_quantity, "longQuantity") or Decimal(0)
    short = quantity(row.short_quantity, "shortQuantity") or Decimal(0)
    if long < 0 or short < 0:
        raise UnusableNumber("A quantity is negative where Schwab sends sides.")
    return long - short


def _signed(value: Decimal | None, held: Decimal) -> Decimal | None:
    """Give a market value the sign of the quantity: Schwab's own sign for short stock is not certain."""
    if value is None or not held:
        return value
    return abs(value) if held > 0 else -abs(value)


def _mark(market_value: Decimal | None, held: Decimal, multiplier: Decimal) -> Decimal | None:
    """Return |marketValue| ÷ (|quantity| × multiplier)."""
    if market_value is None or not held:
        return None
    return price(_EXACT.divide(abs(market_value), abs(held) * multiplier), "mark")


def _cost(avg_price: Decimal | None, held: Decimal, multiplier: Decimal) -> Decimal | None:
    """Return averagePrice × quantity × multiplier, signed, unrounded."""
    return None if avg_price is None else _EXACT.multiply(_EXACT.multiply(avg_price, held), multiplier)


def _pl_open(
    row: wire.PositionWire, held: Decimal, market_value: Decimal | None, cost: Decimal | None
) -> Decimal | None:
    """Return Schwab's open P/L, else marketValue − cost, which is §2.3's formula for both signs."""
    sent = row.long_open_profit_loss if held >= 0 else row.short_open_profit_loss
    if sent is not None:
        return sent
    return None if market_value is None or cost is None else market_value - cost


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return 100 × part ÷ |whole|, or None when there is no base or next to none: a row is worth more than that."""
    if part is None or whole is None or not money(whole, "base"):
        return None
    try:
        return money(_EXACT.divide(_EXACT.multiply(part, HUNDRED), abs(whole)), "percentage")
    except UnusableNumber:
        return None


def contract(instrument: wire.InstrumentWire) -> tuple[str | None, Decimal | None, date | None]:
    """Read put or call, strike and expiration; position rows carry the last two only inside the OCC symbol."""
    put_call = instrument.put_call if instrument.put_call in ("PUT", "CALL") else None
    match = OCC.match(instrument.symbol or "")
    if match is None:
        return put_call, None, None
    _, year, month, day, side, strike = match.groups()
    try:
        expiration = date(2000 + int(year), int(month), int(day))
    except ValueError:
        return put_call, None, None
    return put_call or ("CALL" if side == "C" else "PUT"), Decimal(strike).scaleb(-3), expiration


def _missing(
    values: dict[str, Decimal | None], instrument: wire.InstrumentWire, held: Decimal
) -> dict[str, str]:
    """Say for each figure that is not there why."""
    reasons = {name: REASONS[name] for name, value in values.items() if value is None}
    if not held and "mark_price" in reasons:
        reasons["mark_price"] = "The quantity is 0."
    if instrument.description is None:
        reasons["description"] = NO_NAME
    return reasons


REASONS = {
    "avg_price": "Schwab did not send averagePrice.",
    "mark_price": "Schwab did not send marketValue.",
    "mark_change": "Schwab did not send netChange.",
    "market_value": "Schwab did not send marketValue.",
    "cost_basis": "Schwab did not send averagePrice.",
    "pl_open": "Schwab sent neither the open P/L nor what it is computed from.",
    "pl_open_percent": "There is no cost, or next to none, to compare with.",
    "pl_day": "Schwab did not send currentDayProfitLoss.",
    "pl_day_percent": "Schwab did not send currentDayProfitLossPercentage.",
}
