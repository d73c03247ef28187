"""The balance blocks of a CASH account: no margin key at all."""

from simulator.world.balances import Values, cents
from simulator.world.instruments import Json


def cash_balances(initial: Values, current: Values) -> dict[str, Json]:
    """The three blocks of a CASH account."""
    return {
        "initialBalances": _initial(initial),
        "currentBalances": _current(current),
        "projectedBalances": {
            "cashAvailableForTrading": current.cash,
            "cashAvailableForWithdrawal": current.cash,
        },
    }


def _initial(values: Values) -> Json:
    return {
        "accruedInterest": 0.0,
        "cashAvailableForTrading": values.cash,
        "cashAvailableForWithdrawal": values.cash,
        "cashBalance": values.cash,
        "bondValue": values.bonds,
        "cashReceipts": 0.0,
        "liquidationValue": values.liquidation,
        "longOptionMarketValue": values.long_options,
        "longStockValue": values.long_stock,
        "moneyMarketFund": 0.0,
        "mutualFundValue": values.funds,
        "shortOptionMarketValue": values.short_options,
        "shortStockValue": cents(values.short_stock, values.short_options),
        "isInCall": False,
        "unsettledCash": 0.0,
        "cashDebitCallValue": 0.0,
        "pendingDeposits": 0.0,
        "accountValue": values.liquidation,
    }


def _current(values: Values) -> Json:
    return {
        "accruedInterest": 0.0,
        "cashBalance": values.cash,
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
        "cashAvailableForTrading": values.cash,
        "cashAvailableForWithdrawal": values.cash,
        "cashCall": 0.0,
        "longNonMarginableMarketValue": values.cash,
        "totalCash": values.cash,
        "cashDebitCallValue": 0.0,
        "unsettledCash": 0.0,
    }
