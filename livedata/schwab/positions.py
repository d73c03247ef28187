"""Position rows: Schwab's fields and formulas (reference §2.3) into the book's rows, a column at a time.

One row costs about the same as twenty: most of the time goes into steps of Python, of which a column takes few.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from itertools import chain, repeat
from operator import mul, sub, truediv
from typing import Any

from actandpos.types import PositionRow
from livedata.schwab import wire
from livedata.schwab.lacking import missing
from livedata.schwab.numbers import (
    EXACT,
    Column,
    UnusableNumber,
    each,
    has_nulls,
    money,
    moneys,
    prices,
    quantities,
)

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
ZERO, ONE, HUNDRED, BOND = Decimal("0.000000"), Decimal(1), Decimal(100), Decimal("0.01")
MULTIPLIERS = {"OPT": HUNDRED, "FI": BOND}
NO_CONTRACT: tuple[None, None, None] = (None, None, None)


def position_rows(rows: Sequence[wire.PositionWire], digests: Sequence[str]) -> list[PositionRow]:
    """Return the book's rows for Schwab's, worked out a column at a time.

    Raises:
        UnusableNumber: a row has no symbol, no quantity, or a number that does not fit; which row is not said.
    """
    if not rows:
        return []
    with localcontext(EXACT):
        held = _quantities(rows)
        words = _words([row.instrument for row in rows])
        multipliers = [MULTIPLIERS.get(kind, ONE) for kind in words["asset_type"]]
        figures = _figures(rows, held, multipliers)
    columns: dict[str, Sequence[Any]] = {**words, **figures, "digest": digests}
    columns["quantity"], columns["multiplier"] = held, multipliers
    columns["missing"] = missing(figures, words["description"], held)
    return list(map(PositionRow, *(columns[name] for name in PositionRow.__struct_fields__)))


def _words(instruments: Sequence[wire.HeldInstrumentWire]) -> dict[str, Sequence[Any]]:
    """Return the columns that tell what is held."""
    symbols = [each.symbol or "" for each in instruments]
    kinds = [each.asset_type for each in instruments]
    names = [each.description for each in instruments]
    underlying = [each.underlying_symbol or each.symbol or "" for each in instruments]
    if not all(symbols) or not all(map(str.strip, symbols)) or max(map(len, symbols)) > 64:
        raise UnusableNumber("The row has no usable symbol.")
    if "\0" in "".join(chain(symbols, underlying, kinds, filter(None, names))):
        raise UnusableNumber("A text of the row holds a NUL character.")  # PostgreSQL keeps no such text
    types = [ASSET_TYPES.get(kind, OTHER) for kind in kinds]
    put_calls, strikes, expirations = _contracts(instruments, types)
    return {
        "symbol": symbols,
        "underlying": _cut(underlying, 64),
        "description": [name[:200] if name else None for name in names],
        "asset_type": types,
        "broker_asset_type": _cut(kinds, 40),
        "put_call": put_calls,
        "strike": strikes,
        "expiration": expirations,
    }


def _cut(texts: list[str], length: int) -> list[str]:
    """Return texts of at most so many characters."""
    return texts if max(map(len, texts)) <= length else [text[:length] for text in texts]


def _contracts(
    instruments: Sequence[wire.HeldInstrumentWire], types: Sequence[str]
) -> tuple[Sequence[str | None], Sequence[Decimal | None], Sequence[date | None]]:
    """Return put or call, strike and expiration of each row, null for what is no option."""
    if "OPT" not in types:
        nothing = [None] * len(types)
        return nothing, nothing, nothing
    contracts = [
        contract(instrument) if kind == "OPT" else NO_CONTRACT
        for instrument, kind in zip(instruments, types, strict=True)
    ]
    put_calls, strikes, expirations = zip(*contracts, strict=True)
    return put_calls, strikes, expirations


def _figures(
    rows: Sequence[wire.PositionWire], held: Sequence[Decimal], multipliers: Sequence[Decimal]
) -> dict[str, Column]:
    """Return the columns of prices and amounts."""
    average, sent = [row.average_price for row in rows], [row.market_value for row in rows]
    avg_price = prices(average, "averagePrice")
    market_value = _signed(moneys(sent, "marketValue"), held)
    # With average and value as sent, not as stored: rounding comes once, at the end.
    cost = _times(each(mul, average, held), multipliers)
    opened = _opened(rows, held, market_value, cost)
    cost_basis = moneys(cost, "cost basis")
    percents = [row.current_day_profit_loss_percentage for row in rows]
    return {
        "avg_price": avg_price,
        "mark_price": prices(_marks(sent, held, multipliers), "mark"),
        "mark_change": prices([row.instrument.net_change for row in rows], "netChange"),
        "market_value": market_value,
        "cost_basis": cost_basis,
        "pl_open": moneys(opened, "open P/L"),
        "pl_open_percent": _percents(opened, cost, cost_basis),
        "pl_day": moneys([row.current_day_profit_loss for row in rows], "currentDayProfitLoss"),
        "pl_day_percent": moneys(percents, "currentDayProfitLossPercentage"),
    }


def _quantities(rows: Sequence[wire.PositionWire]) -> list[Decimal]:
    """Return long − short; a row with neither says nothing about what is held."""
    long, short = [row.long_quantity for row in rows], [row.short_quantity for row in rows]
    if has_nulls(long) and any(one is None and other is None for one, other in zip(long, short, strict=True)):
        raise UnusableNumber("The row has no quantity.")
    longs = _filled(quantities(long, "longQuantity"))
    shorts = _filled(quantities(short, "shortQuantity")) if any(short) else []
    if any(map(Decimal.is_signed, chain(longs, shorts))) and min(chain(longs, shorts)) < 0:
        raise UnusableNumber("A quantity is negative where Schwab sends sides.")
    return list(map(sub, longs, shorts)) if any(shorts) else longs


def _filled(values: Column) -> list[Decimal]:
    """Return 0 for a side that was not sent; of zero there is one spelling."""
    return [value or ZERO for value in values]


def _signed(values: Column, held: Sequence[Decimal]) -> Column:
    """Give market values the sign of the quantity: Schwab's own sign for short stock is not certain."""
    if all(held) and not any(map(Decimal.is_signed, held)):
        return each(Decimal.copy_abs, values)
    return [
        value if value is None or not units else abs(value) if units > 0 else -abs(value)
        for value, units in zip(values, held, strict=True)
    ]


def _times(values: Column, multipliers: Sequence[Decimal]) -> Column:
    """Multiply, unless all multipliers are 1."""
    plain = multipliers.count(ONE) == len(multipliers)
    return values if plain else each(mul, values, multipliers)


def _marks(market_value: Column, held: Sequence[Decimal], multipliers: Sequence[Decimal]) -> Column:
    """Return |marketValue| ÷ (|quantity| × multiplier)."""
    units = _times(each(Decimal.copy_abs, held), multipliers)
    if not all(held):
        units = [unit or None for unit in units]
    return each(truediv, each(Decimal.copy_abs, market_value), units)


def _opened(
    rows: Sequence[wire.PositionWire], held: Sequence[Decimal], market_value: Column, cost: Column
) -> Column:
    """Return Schwab's open P/L, else marketValue − cost, which is §2.3's formula for both signs."""
    if any(map(Decimal.is_signed, held)):
        sent = [
            row.long_open_profit_loss if units >= 0 else row.short_open_profit_loss
            for row, units in zip(rows, held, strict=True)
        ]
    else:
        sent = [row.long_open_profit_loss for row in rows]
    if not has_nulls(sent):
        return sent
    computed = each(sub, market_value, cost)
    return [own if one is None else one for one, own in zip(sent, computed, strict=True)]


def _percents(parts: Column, wholes: Column, bases: Column) -> Column:
    """Return `percent` of each row, `bases` being the wholes as they are kept."""
    if not all(bases):
        wholes = [whole if base else None for whole, base in zip(wholes, bases, strict=True)]
    hundredfold = each(mul, parts, repeat(HUNDRED))
    try:
        return moneys(each(truediv, hundredfold, each(Decimal.copy_abs, wholes)), "percentage")
    except UnusableNumber:
        return [percent(part, whole) for part, whole in zip(parts, wholes, strict=True)]


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return 100 × part ÷ |whole|, or None when there is no base or next to none: a row is worth more than that."""
    if part is None or whole is None or not money(whole, "base"):
        return None
    try:
        return money(EXACT.divide(EXACT.multiply(part, HUNDRED), whole.copy_abs()), "percentage")
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
