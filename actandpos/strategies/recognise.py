"""Recognises strategies among the legs of one underlying: spreads first, then what leans on shares, then pairs.

Units are split where a leg belongs to several strategies; what fits nowhere stays single.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from actandpos.strategies.legs import CALL, PUT, SHARES_PER_CONTRACT, Group, Leg, Part, Rest, terms

ONE = Decimal(1)


def recognised(legs: Sequence[Leg]) -> list[Group]:
    """Return the strategies that legs of one underlying make; every unit is in exactly one of them."""
    rest = Rest(legs)
    groups = _combined([*_verticals(rest, PUT), *_verticals(rest, CALL)])
    groups += _collars(rest)
    groups += _covered_calls(rest)
    groups += _across_time(rest)
    groups += _pairs(rest)
    return groups + rest.singles()


def _verticals(rest: Rest, put_call: str) -> list[Group]:
    """Pair long and short options of one type and expiration, each with the nearest strike still free."""
    options = sorted(
        [*rest.of(put_call=put_call, long=True), *rest.of(put_call=put_call, long=False)], key=terms
    )
    groups = []
    for _, same_day in groupby(options, key=lambda leg: leg.expiration):
        waiting: list[Leg] = []
        for leg in same_day:
            while rest.has(leg) and waiting and (waiting[-1].quantity > 0) != (leg.quantity > 0):
                groups.append(rest.take("vertical", (waiting[-1], ONE), (leg, ONE)))
                if not rest.has(waiting[-1]):
                    waiting.pop()
            if rest.has(leg):
                waiting.append(leg)
    return groups


def _combined(verticals: list[Group]) -> list[Group]:
    """Put verticals together: two that share their inner strike are a butterfly, a put and a call one a condor."""
    groups: list[Group] = []
    while verticals:
        first = verticals.pop(0)
        found = next((each for each in verticals if _kind_of(first, each)), None)
        if found is None:
            groups.append(first)
            continue
        verticals.remove(found)
        kind, units = _kind_of(first, found), min(_units(first), _units(found))
        groups.append(Group(kind, _merged([*_scaled(first, units), *_scaled(found, units)])))
        for each in (first, found):
            if _units(each) > units:
                verticals.insert(0, Group("vertical", _scaled(each, _units(each) - units)))
    return groups


def _kind_of(first: Group, second: Group) -> str:
    """Return what two verticals make together, or nothing."""
    (low, high), (other_low, other_high) = _strikes(first), _strikes(second)
    one, two = first.parts[0].leg, second.parts[0].leg
    if one.expiration != two.expiration:
        return ""
    if one.put_call == two.put_call:
        touching = high == other_low or low == other_high
        return (
            "butterfly"
            if touching and _is_debit(first) != _is_debit(second) and _equal(first, second)
            else ""
        )
    puts, calls = (first, second) if one.put_call == PUT else (second, first)
    if _is_debit(puts) != _is_debit(calls) or _strikes(puts)[1] > _strikes(calls)[0]:
        return ""
    return "butterfly" if _strikes(puts)[1] == _strikes(calls)[0] else "iron_condor"


def _equal(first: Group, second: Group) -> bool:
    """Return whether two verticals are equally wide."""
    (low, high), (other_low, other_high) = _strikes(first), _strikes(second)
    return high - low == other_high - other_low


def _strikes(group: Group) -> tuple[Decimal, Decimal]:
    """Return a vertical's strikes, the lower first."""
    strikes = sorted(part.leg.strike or Decimal(0) for part in group.parts)
    return strikes[0], strikes[-1]


def _is_debit(group: Group) -> bool:
    """Return whether the dearer option of a vertical is held: the lower call, the higher put."""
    low = min(group.parts, key=lambda part: part.leg.strike or Decimal(0))
    return (low.units > 0) == (low.leg.put_call == CALL)


def _units(group: Group) -> Decimal:
    return abs(group.parts[0].units)


def _scaled(group: Group, units: Decimal) -> tuple[Part, ...]:
    """Return a vertical's parts with so many units."""
    return tuple(Part(part.leg, units if part.units > 0 else -units) for part in group.parts)


def _merged(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Add up parts of one leg; by type and strike."""
    sums: dict[Leg, Decimal] = {}
    for part in parts:
        sums[part.leg] = sums.get(part.leg, Decimal(0)) + part.units
    legs = sorted(sums, key=lambda leg: (leg.put_call != PUT, terms(leg)))
    return tuple(Part(leg, sums[leg]) for leg in legs)


def _collars(rest: Rest) -> list[Group]:
    """Shares, a put below and a short call above of one expiration."""
    groups = []
    for share in rest.of(put_call=None, long=True):
        for put in rest.of(put_call=PUT, long=True):
            calls = [leg for leg in rest.of(put_call=CALL, long=False) if leg.expiration == put.expiration]
            for call in calls:
                enough = rest.left[share] >= SHARES_PER_CONTRACT and rest.has(put, call)
                if enough and (put.strike or 0) < (call.strike or 0):
                    groups.append(rest.take("collar", (share, SHARES_PER_CONTRACT), (put, ONE), (call, ONE)))
    return groups


def _covered_calls(rest: Rest) -> list[Group]:
    """Shares and short calls, the nearest expiration first."""
    groups = []
    for share in rest.of(put_call=None, long=True):
        for call in rest.of(put_call=CALL, long=False):
            if rest.left[share] >= SHARES_PER_CONTRACT and rest.has(call):
                groups.append(rest.take("covered_call", (share, SHARES_PER_CONTRACT), (call, ONE)))
    return groups


def _across_time(rest: Rest) -> list[Group]:
    """Long and short options of one type on different days: a calendar at one strike, else a diagonal."""
    groups = []
    for put_call in (PUT, CALL):
        for same_strike in (True, False):
            for short in rest.of(put_call=put_call, long=False):
                for long in rest.of(put_call=put_call, long=True):
                    fits = (
                        short.strike == long.strike
                    ) is same_strike and short.expiration != long.expiration
                    if fits and rest.has(short, long):
                        kind = "calendar" if same_strike else "diagonal"
                        groups.append(rest.take(kind, (short, ONE), (long, ONE)))
    return groups


def _pairs(rest: Rest) -> list[Group]:
    """A put and a call of one side and expiration: a straddle at one strike, else a strangle."""
    groups = []
    for long in (True, False):
        for same_strike in (True, False):
            for put in rest.of(put_call=PUT, long=long):
                for call in rest.of(put_call=CALL, long=long):
                    same_day = put.expiration == call.expiration
                    ordered = (
                        put.strike == call.strike if same_strike else (put.strike or 0) < (call.strike or 0)
                    )
                    if same_day and ordered and rest.has(put, call):
                        kind = "straddle" if same_strike else "strangle"
                        groups.append(rest.take(kind, (put, ONE), (call, ONE)))
    return groups
