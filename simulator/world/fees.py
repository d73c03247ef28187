"""What a trade costs, by the kinds of fee that Schwab names; kinds that cost nothing are named too."""

from simulator.world.listings import all_listings
from simulator.world.market import multiplier
from simulator.world.options import parse_contract

KINDS = ("COMMISSION", "SEC_FEE", "OPT_REG_FEE", "TAF_FEE")
Fees = tuple[float, float, float, float]
NO_FEES: Fees = (0.0, 0.0, 0.0, 0.0)
_COMMISSION, _REGULATION = 0.65, 0.0125
_SEC_SHARE = 27.80 / 1_000_000
_TAF_OPTION, _TAF_SHARE, _TAF_MOST = 0.00279, 0.000166, 8.30


def fees_of(symbol: str, quantity: float, gross: float) -> Fees:
    """Dollars in the order of `KINDS` for a signed quantity and its signed cash; only sales pay SEC and TAF."""
    count, sells = abs(quantity), quantity < 0
    if parse_contract(symbol) is not None:
        sold = (gross * _SEC_SHARE, count * _TAF_OPTION) if sells else (0.0, 0.0)
        return _rounded(count * _COMMISSION, sold[0], count * _REGULATION, sold[1])
    if not sells or all_listings()[symbol].kind not in ("EQUITY", "ETF"):
        return NO_FEES
    return _rounded(0.0, gross * _SEC_SHARE, 0.0, min(_TAF_MOST, count * _TAF_SHARE))


def _rounded(commission: float, sec: float, regulation: float, taf: float) -> Fees:
    return round(commission, 2), round(sec, 2), round(regulation, 2), round(taf, 2)


def gross_of(symbol: str, quantity: float, price: float) -> float:
    """The signed cash of so many units at a price: bought negative, to the cent."""
    return round(-quantity * price * multiplier(symbol), 2) + 0.0
