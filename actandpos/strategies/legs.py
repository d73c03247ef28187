"""The pieces that strategies are made of."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

SHARES_PER_CONTRACT = Decimal(100)
CALL, PUT = "CALL", "PUT"


class Leg(Struct, frozen=True):
    """One holding; `put_call` is null for what is no option. `quantity` is signed."""

    position_id: int
    symbol: str
    asset_type: str
    underlying: str
    quantity: Decimal
    put_call: str | None = None
    strike: Decimal | None = None
    expiration: date | None = None

    @property
    def is_option(self) -> bool:
        """Whether it is an option whose terms are known."""
        return self.put_call is not None and self.strike is not None and self.expiration is not None

    @property
    def is_share(self) -> bool:
        """Whether it is the underlying itself."""
        return self.asset_type in ("EQ", "ETF") and self.symbol == self.underlying


class Part(Struct, frozen=True):
    """Some units of a leg, signed like it."""

    leg: Leg
    units: Decimal


class Group(Struct, frozen=True):
    """Parts that make a strategy of a kind."""

    kind: str
    parts: tuple[Part, ...]


class Rest:
    """What is left of the legs while strategies are taken from them; units count without their sign."""

    def __init__(self, legs: Iterable[Leg]) -> None:
        self.left = {leg: abs(leg.quantity) for leg in legs}

    def of(self, *, put_call: str | None, long: bool) -> list[Leg]:
        """Return option legs (or shares, with null) of one side that have units left, by expiration and strike."""
        found = [leg for leg, units in self.left.items() if units and (leg.quantity > 0) is long]
        if put_call is None:
            return [leg for leg in found if leg.is_share]
        return sorted((leg for leg in found if leg.is_option and leg.put_call == put_call), key=terms)

    def has(self, *legs: Leg) -> bool:
        """Return whether a whole unit is left of each leg: options are whole contracts."""
        return all(self.left[leg] >= 1 for leg in legs)

    def take(self, kind: str, *wanted: tuple[Leg, Decimal]) -> Group:
        """Take units of legs, each given with how many one unit of the strategy needs, as often as all have them."""
        times = min(self.left[leg] // ratio for leg, ratio in wanted)
        parts = []
        for leg, ratio in wanted:
            self.left[leg] -= times * ratio
            parts.append(Part(leg, times * ratio if leg.quantity > 0 else -times * ratio))
        return Group(kind, tuple(parts))

    def singles(self) -> list[Group]:
        """Return what is left, each leg by itself."""
        signed = [
            Part(leg, units if leg.quantity > 0 else -units) for leg, units in self.left.items() if units
        ]
        empty = [Part(leg, leg.quantity) for leg in self.left if not leg.quantity]
        return [Group("single", (part,)) for part in signed + empty]


def terms(leg: Leg) -> tuple[date, Decimal, str]:
    """Return what option legs are ordered by."""
    return leg.expiration or date.max, leg.strike or Decimal(0), leg.symbol
