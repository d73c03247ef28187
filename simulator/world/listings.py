"""What can be held: well-known names with plausible prices, funds, a bond, and invented names to fill a wide book."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from simulator.world import chance

Kind = Literal["EQUITY", "ETF", "FUND", "MONEY", "BOND", "INDEX"]


@dataclass(frozen=True, slots=True)
class Listing:
    """One instrument; `base` is the price that its price function swings around, `daily` its daily volatility."""

    symbol: str
    kind: Kind
    name: str
    cusip: str
    base: float
    daily: float = 0.015
    exchange: str = "N"
    volatile: bool = False

    @property
    def option_volatility(self) -> float:
        """Implied volatility at the money, a year's fraction."""
        return self.daily * 17.5


_STOCKS = """
AAPL|APPLE INC|037833100|271|.013|Q
MSFT|MICROSOFT CORP|594918104|472|.012|Q
NVDA|NVIDIA CORP|67066G104|181|.021|Q
AMZN|AMAZON.COM INC|023135106|221|.016|Q
GOOGL|ALPHABET INC CLASS A|02079K305|299|.015|Q
META|META PLATFORMS INC CLASS A|30303M102|594|.018|Q
TSLA|TESLA INC|88160R101|391|.027|Q
INTC|INTEL CORP|458140100|34|.024|Q
AMD|ADVANCED MICRO DEVICES|007903107|204|.026|Q
CSCO|CISCO SYSTEMS INC|17275R102|76|.011|Q
COST|COSTCO WHOLESALE CORP|22160K105|899|.010|Q
KO|COCA-COLA CO|191216100|71|.008|N
PG|PROCTER & GAMBLE CO|742718109|151|.008|N
JNJ|JOHNSON & JOHNSON|478160104|204|.008|N
JPM|JPMORGAN CHASE & CO|46625H100|298|.011|N
BAC|BANK OF AMERICA CORP|060505104|51|.012|N
V|VISA INC CLASS A|92826C839|328|.009|N
MA|MASTERCARD INC CLASS A|57636Q104|534|.010|N
HD|HOME DEPOT INC|437076102|343|.011|N
DIS|WALT DISNEY CO|254687106|104|.014|N
XOM|EXXON MOBIL CORP|30231G102|117|.012|N
WMT|WALMART INC|931142103|105|.010|N
VZ|VERIZON COMMUNICATIONS|92343V104|41|.009|N
T|AT&T INC|00206R102|25.6|.009|N
F|FORD MOTOR CO|345370860|12.9|.016|N
PFE|PFIZER INC|717081103|25|.011|N
UBER|UBER TECHNOLOGIES INC|90353T100|83|.019|N
PLTR|PALANTIR TECHNOLOGIES INC|69608A108|155|.032|Q
COIN|COINBASE GLOBAL INC CLASS A|19260Q107|240|.035|Q!
GME|GAMESTOP CORP CLASS A|36467W109|20.4|.036|N!
"""
_ETFS = """
SPY|STATE STREET SPDR S&P 500 ETF|78462F103|659|.008|P
QQQ|INVESCO QQQ TRUST SERIES I|46090E103|590|.011|Q
IWM|ISHARES RUSSELL 2000 ETF|464287655|235|.012|P
DIA|STATE STREET SPDR DOW JONES INDL AVRG ETF|78467X109|462|.007|P
SCHD|SCHWAB US DIVIDEND EQUITY ETF|808524797|27.2|.007|P
VTI|VANGUARD TOTAL STOCK MARKET ETF|922908769|324|.008|P
GLD|SPDR GOLD SHARES|78463V107|374|.010|P
TLT|ISHARES 20 PLUS YEAR TREASURY BOND ETF|464287432|89.5|.007|Q
XLF|STATE STREET FINANCIAL SELECT SECTOR SPDR|81369Y605|52|.009|P
"""
_OTHERS = (
    Listing("SWPPX", "FUND", "SCHWAB S&P 500 INDEX FUND SELECT SHARES", "808509855", 17.1, 0.008, "3"),
    Listing(
        "SWVXX", "MONEY", "SCHWAB VALUE ADVANTAGE MONEY FUND INVESTOR SHARES", "808515605", 1.0, 0.0, "3"
    ),
    Listing("91282CNT4", "BOND", "US TREASURY NOTE 4.25% DUE 08/15/2035", "91282CNT4", 101.2, 0.002, "9"),
    Listing("$SPX", "INDEX", "S&P 500 INDEX", "", 6603, 0.008, "0"),
    Listing("$DJI", "INDEX", "DOW JONES INDUSTRIAL AVERAGE", "", 46245, 0.007, "0"),
    Listing("$COMPX", "INDEX", "NASDAQ COMPOSITE INDEX", "", 22273, 0.011, "0"),
)

INVENTED_STOCKS = 570
INVENTED_ETFS = 141


def _parse(table: str, kind: Kind) -> list[Listing]:
    found = []
    for line in table.strip().splitlines():
        symbol, name, cusip, base, daily, exchange = line.split("|")
        listing = Listing(
            symbol, kind, name, cusip, float(base), float(daily), exchange[0], exchange.endswith("!")
        )
        found.append(listing)
    return found


def _invented(index: int, kind: Kind) -> Listing:
    letters = "".join(chr(65 + index // 26**place % 26) for place in (2, 1, 0))
    symbol = ("ZQ" if kind == "EQUITY" else "ZE") + letters
    name = f"FICTIONAL {symbol} {'HOLDINGS INC' if kind == 'EQUITY' else 'INDEX ETF'}"
    return Listing(
        symbol=symbol,
        kind=kind,
        name=name,
        cusip=f"0000{'1' if kind == 'EQUITY' else '2'}{index:04d}",
        base=round(8 * 60 ** chance.unit("base", symbol), 2),
        daily=chance.between(0.007, 0.03, "daily", symbol),
        exchange="Q" if index % 2 else "N",
        volatile=index % 41 == 7,
    )


@cache
def all_listings() -> dict[str, Listing]:
    """Every instrument that is not an option, by symbol."""
    found = [*_parse(_STOCKS, "EQUITY"), *_parse(_ETFS, "ETF"), *_OTHERS]
    found += [_invented(index, "EQUITY") for index in range(INVENTED_STOCKS)]
    found += [_invented(index, "ETF") for index in range(INVENTED_ETFS)]
    return {listing.symbol: listing for listing in found}


def well_known(kind: Kind) -> list[Listing]:
    """The real tickers of a kind, in a fixed order."""
    return [
        item
        for item in all_listings().values()
        if item.kind == kind and not item.name.startswith("FICTIONAL")
    ]


def invented(kind: Kind) -> list[Listing]:
    """The invented tickers of a kind, in a fixed order."""
    return [
        item for item in all_listings().values() if item.kind == kind and item.name.startswith("FICTIONAL")
    ]
