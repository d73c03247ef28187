"""Balances of an account at one instant, in the shapes of MARGIN and CASH and with their arithmetic."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from simulator.world.book import Book, Row
from simulator.world.instruments import Json
from simulator.world.listings import all_listings
from simulator.world.options import parse_contract

MARGIN_MINIMUM = 2000.0


def cents(*parts: float) -> float:
    """An exact sum of cent amounts."""
    return round(math.fsum(parts), 2)


@dataclass(frozen=True, slots=True)
class Values:
    """Market values of a book by class, with its cash, all dollars to the cent."""

    cash: float
    short_balance: float
    long_stock: float
    short_stock: float
    long_options: float
    short_options: float
    funds: float
    bonds: float
    maintenance: float

    @property
    def equity(self) -> float:
        """Everything but options."""
        return cents(self.cash, self.short_balance, self.long_stock, self.short_stock, self.funds, self.bonds)

    @property
    def liquidation(self) -> float:
        """Everything."""
        return cents(self.equity, self.long_options, self.short_options)

    @property
    def positive_cash(self) -> float:
        """`cashBalance`: 0 while there is a margin debit."""
        return max(self.cash, 0.0)

    @property
    def debit(self) -> float:
        """`marginBalance`: negative is a loan."""
        return min(self.cash, 0.0)


def values_of(book: Book, valued: Iterable[tuple[Row, float, float]]) -> Values:
    """Sum rows given with their market value and maintenance requirement."""
    sums: dict[str, list[float]] = {}
    required: list[float] = []
    for row, value, requirement in valued:
        sums.setdefault(_class_of(row.symbol, value), []).append(value)
        required.append(requirement)

    def total(name: str) -> float:
        return cents(*sums.get(name, ()))

    return Values(
        cash=book.cash,
        short_balance=book.short_balance,
        long_stock=total("long stock"),
        short_stock=total("short stock"),
        long_options=total("long option"),
        short_options=total("short option"),
        funds=total("fund"),
        bonds=total("bond"),
        maintenance=cents(*required),
    )


def _class_of(symbol: str, value: float) -> str:
    side = "long" if value >= 0 else "short"
    if parse_contract(symbol) is not None:
        return f"{side} option"
    kind = all_listings()[symbol].kind
    return {"FUND": "fund", "MONEY": "fund", "BOND": "bond"}.get(kind, f"{side} stock")


def sma_of(initial: Values) -> float:
    """The special memorandum account: half of the opening equity above the minimum, else the cash; fixed for a day."""
    if initial.liquidation < MARGIN_MINIMUM:
        return initial.positive_cash
    return round(max(0.0, initial.equity * 0.5 + min(0.0, initial.debit)), 2)


def power_of(values: Values, sma: float) -> tuple[float, float]:
    """availableFunds and buyingPower."""
    available = round(min(sma, cents(values.equity, -values.maintenance)), 2)
    if values.liquidation < MARGIN_MINIMUM:
        return available, values.positive_cash
    return available, round(min(2 * sma, available / 0.30), 2)


def _equity_percentage(values: Values) -> float:
    if values.debit >= 0 or values.long_stock <= 0:
        return 100.0
    return float(max(0, min(100, math.trunc(100 * values.equity / values.long_stock))))


def opened_today(book: Book) -> float:
    """Dollars spent today on rows that were opened or enlarged; they use up day-trading power."""
    return cents(*[round(row.day_cost, 2) for row in book.rows.values() if row.day_cost > 0])


def _day_trading(initial: Values, used: float) -> float:
    if initial.liquidation < MARGIN_MINIMUM:
        return initial.positive_cash
    return max(0.0, cents(round(4 * max(0.0, cents(initial.equity, -initial.maintenance)), 2), -used))


def margin_balances(initial: Values, current: Values, used_today: float) -> dict[str, Json]:
    """The three blocks of a MARGIN account."""
    sma = sma_of(initial)
    first_available, first_power = power_of(initial, sma)
    available, power = power_of(current, sma)
    day_trading = _day_trading(initial, used_today)
    call = max(0.0, cents(current.maintenance, -current.equity))
    return {
        "initialBalances": _margin_initial(initial, first_available, first_power),
        "currentBalances": _margin_current(
            current, sma=sma, available=available, power=power, day_trading=day_trading, call=call
        ),
        "projectedBalances": {
            "availableFunds": available,
            "availableFundsNonMarginableTrade": available,
            "buyingPower": power,
            "dayTradingBuyingPower": day_trading,
            "dayTradingBuyingPowerCall": 0.0,
            "maintenanceCall": call,
            "regTCall": 0.0,
            "isInCall": call > 0,
            "stockBuyingPower": power,
        },
    }


def _margin_initial(values: Values, available: float, power: float) -> Json:
    margin = cents(values.positive_cash, values.debit)
    return {
        "accruedInterest": 0.0,
        "availableFundsNonMarginableTrade": available,
        "bondValue": round(4 * available, 2),
        "buyingPower": power,
        "cashBalance": values.positive_cash,
        "cashAvailableForTrading": 0.0,
        "cashReceipts": 0.0,
        "dayTradingBuyingPower": _day_trading(values, 0.0),
        "dayTradingBuyingPowerCall": 0.0,
        "dayTradingEquityCall": 0.0,
        "equity": values.liquidation,
        "equityPercentage": _equity_percentage(values),
        "liquidationValue": values.liquidation,
        "longMarginValue": values.long_stock,
        "longOptionMarketValue": values.long_options,
        "longStockValue": values.long_stock,
        "maintenanceCall": 0.0,
        "maintenanceRequirement": values.maintenance,
        "margin": margin,
        "marginEquity": cents(margin, values.long_stock),
        "moneyMarketFund": 0.0,
        "mutualFundValue": available,
        "regTCall": 0.0,
        "shortMarginValue": values.short_stock,
        "shortOptionMarketValue": values.short_options,
        "shortStockValue": cents(values.short_stock, values.short_options),
        "totalCash": 0.0,
        "isInCall": False,
        "pendingDeposits": 0.0,
        "marginBalance": values.debit,
        "shortBalance": values.short_balance,
        "accountValue": values.liquidation,
    }


def _margin_current(
    values: Values, *, sma: float, available: float, power: float, day_trading: float, call: float
) -> Json:
    return {
        **_current_head(values),
        "availableFunds": available,
        "availableFundsNonMarginableTrade": available,
        "buyingPower": power,
        "buyingPowerNonMarginableTrade": available,
        "dayTradingBuyingPower": day_trading,
        "equity": values.equity,
        "equityPercentage": _equity_percentage(values),
        "longMarginValue": values.long_stock,
        "maintenanceCall": call,
        "maintenanceRequirement": values.maintenance,
        "marginBalance": values.debit,
        "regTCall": 0.0,
        "shortBalance": values.short_balance,
        "shortMarginValue": values.short_stock,
        "sma": sma,
    }


def _current_head(values: Values) -> Json:
    return {
        "accruedInterest": 0.0,
        "cashBalance": values.positive_cash,
        "cashReceipts": 0.0,
        "longOptionMarketValue": values.long_options,
        "liquidationValue": values.liquidation,
        "longMarketValue": values.long_stock,
        "moneyMarketFund": 0.0,
        "savings": 0.0,
        "shortMarketValue": values.short_stock,
        "pendingDeposits": 0.0,
        "mutualFundValue": values.funds,
        "bondValue": values.bonds,
        "shortOptionMarketValue": values.short_options,
    }
