"""Whether a short option may be assigned soon: how far it is in the money, how near its end and a dividend are."""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from msgspec import Struct

from actandpos.facts import Fact
from actandpos.plain import plain
from actandpos.strategies.legs import CALL, Leg

PLACES = Decimal("0.01")
NEAR_DAYS = 7
NEAR_PERCENT = Decimal(2)
DEEP_PERCENT = Decimal(5)
BEFORE_EX_DATE = timedelta(days=5)
NO_PRICE = "The underlying's price is not known."


class OptionFact(Struct, frozen=True):
    """One option against its underlying. `moneyness_percent` is positive in the money, of the strike."""

    in_the_money: bool | None
    moneyness_percent: Decimal | None
    assignment_risk: str | None
    """`none`, `watch` or `high`; null for what cannot be assigned or is not known."""
    assignment_reason: str


NO_OPTION = OptionFact(None, None, None, "")
"""What is no option has no moneyness."""


class StrategyFact(Struct, frozen=True):
    """How one held symbol stands, and its underlying's dividend in US dollars a share."""

    stands: OptionFact
    ex_dividend: date | None
    dividend: Decimal | None


def option_fact(leg: Leg, underlying: Fact, today: date) -> OptionFact:
    """Return how an option stands."""
    price = underlying.price
    if price is None or not leg.strike or leg.expiration is None:
        return OptionFact(None, None, None, NO_PRICE)
    distance = price - leg.strike if leg.put_call == CALL else leg.strike - price
    percent = (distance * 100 / leg.strike).quantize(PLACES, ROUND_HALF_EVEN)
    if leg.quantity >= 0:
        return OptionFact(distance > 0, percent, None, "")
    days = (leg.expiration - today).days
    risk, reason = _risk(leg, percent, days, underlying, today)
    return OptionFact(distance > 0, percent, risk, reason)


def _risk(leg: Leg, percent: Decimal, days: int, underlying: Fact, today: date) -> tuple[str, str]:
    """Return how likely a short option is assigned soon, and why."""
    depth = f"{plain(abs(percent))} % {'in' if percent > 0 else 'out of'} the money"
    ends = "ends today" if days == 0 else f"ends in {days} days"
    ex_date = underlying.ex_dividend
    if leg.put_call == CALL and percent > 0 and ex_date and today <= ex_date <= today + BEFORE_EX_DATE:
        return "high", f"{depth}, and the underlying goes ex-dividend on {ex_date:%d %b}."
    if percent > 0 and days <= NEAR_DAYS:
        return "high", f"{depth}, and it {ends}."
    if percent > -NEAR_PERCENT and days <= NEAR_DAYS:
        return "watch", f"{depth}, and it {ends}."
    if percent >= DEEP_PERCENT:
        return "watch", f"{depth}."
    return "none", ""
