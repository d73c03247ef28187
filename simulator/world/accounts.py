"""The accounts of the two demo logins: their numbers, hashes, kinds and what they mean to hold."""

import hashlib
from dataclasses import dataclass

from simulator.world import chance
from simulator.world.holdings import wide_shares

WIDE_COUNT = 1000
Shares = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One account before the seed gives it a number.

    `net_cash` is what it means to keep, below zero a margin loan; `shares` what it holds besides options and today's
    lots, the first of them since before its first year.
    """

    key: str
    login: str
    kind: str
    nickname: str
    net_cash: float
    shares: Shares

    @property
    def is_margin(self) -> bool:
        """MARGIN rather than CASH."""
        return self.kind == "MARGIN"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of one seeded world; `index` counts from 1 over both logins."""

    index: int
    number: str
    hash: str
    profile: Profile

    @property
    def is_margin(self) -> bool:
        """MARGIN rather than CASH."""
        return self.profile.is_margin

    @property
    def masked(self) -> str:
        """Schwab's displayAcctId: dots and the last three digits."""
        return f"...{self.number[-3:]}"


def _plain(**quantities: float) -> Shares:
    return tuple((symbol, float(quantity)) for symbol, quantity in quantities.items())


_DESK = _plain(AAPL=300, MSFT=100, NVDA=150, F=500, INTC=-200, PLTR=-40, SWPPX=310.455, SWVXX=8250.12)
_IRA = (*_plain(SCHD=400, MSFT=12.5, KO=85.2231, SWPPX=120.117, SWVXX=3000), ("91282CNT4", 10000.0))
_TRADING = _plain(AAPL=120, MSFT=40, COST=10, JPM=60, XOM=150, VTI=80, SCHD=400, GLD=25, TSLA=15, COIN=20)

PROFILES = (
    Profile("borrower", "demo", "MARGIN", "Trading", -21346.80, _TRADING),
    Profile("desk", "demo", "MARGIN", "Options", 28096.27, _DESK),
    Profile("ira", "demo", "CASH", "Contributory IRA", 4210.35, _IRA),
    Profile("empty", "demo", "MARGIN", "Holiday fund", 137.42, ()),
    Profile("wide", "demo", "MARGIN", "Wide book", 250000.0, wide_shares(WIDE_COUNT)),
    Profile("second", "other", "MARGIN", "Brokerage", 812.44, _plain(AAPL=10, VTI=12, F=100)),
    Profile("roth", "other", "CASH", "Roth IRA", 96.11, _plain(SCHD=55.125, KO=30)),
)


def accounts_of(seed: str) -> tuple[Account, ...]:
    """The seven accounts of a seed; the IRA's number begins with 0, which integers lose."""
    return tuple(_account(seed, index, profile) for index, profile in enumerate(PROFILES, 1))


def _account(seed: str, index: int, profile: Profile) -> Account:
    number = str(chance.whole(10_000_000, 99_999_999, seed, "account", profile.key))
    if profile.key == "ira":
        number = "0" + number[1:]
    digest = hashlib.sha256(f"{seed}:{number}".encode()).hexdigest().upper()
    return Account(index, number, digest, profile)
