"""Option contracts: symbols, cusips, descriptions, expiries, and Black-Scholes values."""

import calendar as months
import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from simulator.wire.times import eastern_epoch
from simulator.world.calendar import is_trading_day

RATE = 0.04
YEAR_SECONDS = 365.25 * 86400
_SYMBOL = re.compile(r"^([A-Z0-9./$ ]{6})(\d{6})([CP])(\d{8})$")
_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Contract:
    """One listed option; `right` is C or P, `strike` in dollars."""

    root: str
    expiry: date
    right: str
    strike: float

    @property
    def symbol(self) -> str:
        """The 21-character OCC symbol with its spaces."""
        return f"{self.root:<6}{self.expiry:%y%m%d}{self.right}{round(self.strike * 1000):08d}"

    @property
    def cusip(self) -> str:
        """The derivable option cusip: month letter A-L for calls, M-X for puts, day in base 36."""
        month = chr(ord("A" if self.right == "C" else "M") + self.expiry.month - 1)
        day = _BASE36[self.expiry.day]
        return f"0{self.root:.<5}{month}{day}{self.expiry.year % 10}{round(self.strike * 1000):07d}"

    @property
    def put_call(self) -> str:
        """CALL or PUT."""
        return "CALL" if self.right == "C" else "PUT"

    @property
    def expires_at(self) -> float:
        """16:00 Eastern of the expiry, epoch seconds."""
        return expires_at(self.expiry)

    def long_description(self, underlying_name: str) -> str:
        """As positions and orders write it: `APPLE INC 09/18/2026 $220 Call`."""
        return f"{underlying_name} {self.expiry:%m/%d/%Y} ${self.strike:g} {self.put_call.title()}"

    def short_description(self) -> str:
        """As quotes write it: `AAPL 09/18/2026 220.00 C`."""
        return f"{self.root} {self.expiry:%m/%d/%Y} {self.strike:.2f} {self.right}"


@lru_cache(maxsize=1024)
def expires_at(expiry: date) -> float:
    """16:00 Eastern of a date, epoch seconds."""
    return eastern_epoch(expiry, 16)


@lru_cache(maxsize=8192)
def parse_contract(symbol: str) -> Contract | None:
    """The contract of an OCC symbol; None when it is not one."""
    match = _SYMBOL.match(symbol)
    if match is None:
        return None
    root, day, right, strike = match.groups()
    try:
        expiry = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return None
    return Contract(root.rstrip(), expiry, right, int(strike) / 1000)


@lru_cache(maxsize=1024)
def monthly_expiry(year: int, month: int) -> date:
    """The third Friday, or the day before when the exchange is closed on it."""
    first = months.weekday(year, month, 1)
    day = date(year, month, 1 + (4 - first) % 7 + 14)
    while not is_trading_day(day):
        day -= timedelta(days=1)
    return day


@lru_cache(maxsize=1024)
def expiries_after(day: date, count: int) -> tuple[date, ...]:
    """The next `count` monthly expiries that are later than `day`."""
    found: list[date] = []
    year, month = day.year, day.month
    while len(found) < count:
        expiry = monthly_expiry(year, month)
        if expiry > day:
            found.append(expiry)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return tuple(found)


def _normal(x: float) -> float:
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def smile(contract: Contract, spot: float, at_the_money: float) -> float:
    """Implied volatility of a strike: a shallow smile around the money."""
    return at_the_money * (1 + 0.35 * math.log(contract.strike / spot) ** 2)


def value(contract: Contract, spot: float, now: float, volatility: float) -> float:
    """Black-Scholes value per share; the intrinsic value from the expiry on."""
    years = (contract.expires_at - now) / YEAR_SECONDS
    sign = 1 if contract.right == "C" else -1
    if years <= 0:
        return max(0.0, sign * (spot - contract.strike))
    spread = volatility * math.sqrt(years)
    d1 = (math.log(spot / contract.strike) + (RATE + volatility**2 / 2) * years) / spread
    discounted = contract.strike * math.exp(-RATE * years)
    return sign * (spot * _normal(sign * d1) - discounted * _normal(sign * (d1 - spread)))


def greeks(contract: Contract, spot: float, now: float, volatility: float) -> dict[str, float]:
    """Delta, gamma, theta (a day), vega and rho (a percent point); zeros once expired."""
    years = (contract.expires_at - now) / YEAR_SECONDS
    if years <= 0:
        return dict.fromkeys(("delta", "gamma", "theta", "vega", "rho"), 0.0)
    sign = 1 if contract.right == "C" else -1
    root = math.sqrt(years)
    d1 = (math.log(spot / contract.strike) + (RATE + volatility**2 / 2) * years) / (volatility * root)
    d2 = d1 - volatility * root
    density = math.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi)
    discounted = contract.strike * math.exp(-RATE * years)
    decay = spot * density * volatility / (2 * root) + sign * RATE * discounted * _normal(sign * d2)
    return {
        "delta": round(sign * _normal(sign * d1), 5),
        "gamma": round(density / (spot * volatility * root), 5),
        "theta": round(-decay / 365, 5),
        "vega": round(spot * density * root / 100, 5),
        "rho": round(sign * discounted * years * _normal(sign * d2) / 100, 5),
    }
