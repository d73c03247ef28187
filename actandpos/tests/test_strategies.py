"""Strategies recognised among the legs of one underlying: each kind, split units, and that no unit is lost."""

import random
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from actandpos.strategies.legs import Group, Leg
from actandpos.strategies.names import name_of
from actandpos.strategies.recognise import recognised

DEC, JAN = date(2026, 12, 18), date(2027, 1, 15)


def leg(text: str) -> Leg:
    """Return a leg from `-2 P220 dec`, or shares from `100`."""
    quantity, *option = text.split()
    number = abs(hash(text)) % 10**9
    if not option:
        return Leg(number, "XYZ", "EQ", "XYZ", Decimal(quantity))
    terms, month = option
    put_call = {"P": "PUT", "C": "CALL"}[terms[0]]
    expiration = DEC if month == "dec" else JAN
    symbol = f"XYZ   {expiration:%y%m%d}{terms}"
    return Leg(number, symbol, "OPT", "XYZ", Decimal(quantity), put_call, Decimal(terms[1:]), expiration)


def found(*texts: str) -> dict[str, int]:
    """Return what is recognised, by name with how many units."""
    groups = recognised([leg(text) for text in texts])
    return Counter({name_of(each): int(_units(each)) for each in groups})


def _units(group: Group) -> Decimal:
    return min(abs(part.units) for part in group.parts)


@pytest.mark.parametrize(
    ("legs", "name", "units"),
    [
        (["1 C220 dec", "-1 C230 dec"], "Vertical 220/230 C 18 Dec 26", 1),
        (["-3 P220 dec", "3 P210 dec"], "Vertical 210/220 P 18 Dec 26", 3),
        (["1 C100 dec", "-2 C110 dec", "1 C120 dec"], "Butterfly 100/110/120 C 18 Dec 26", 1),
        (["-1 P100 dec", "2 P110 dec", "-1 P120 dec"], "Butterfly 100/110/120 P 18 Dec 26", 1),
        (
            ["1 P90 dec", "-1 P100 dec", "-1 C110 dec", "1 C120 dec"],
            "Iron condor 90/100/110/120 18 Dec 26",
            1,
        ),
        (["1 P90 dec", "-1 P100 dec", "-1 C100 dec", "1 C110 dec"], "Iron butterfly 90/100/110 18 Dec 26", 1),
        (["-1 C220 dec", "1 C220 jan"], "Calendar 220 C 18 Dec 26 / 15 Jan 27", 1),
        (["-1 C230 dec", "1 C220 jan"], "Diagonal 220/230 C 18 Dec 26 / 15 Jan 27", 1),
        (["-1 P220 dec", "-1 C220 dec"], "Short straddle 220 18 Dec 26", 1),
        (["2 P210 dec", "2 C220 dec"], "Long strangle 210/220 18 Dec 26", 2),
        (["100", "-1 C230 dec"], "Covered call 230 18 Dec 26", 1),
        (["100", "1 P200 dec", "-1 C230 dec"], "Collar 200/230 18 Dec 26", 1),
        (["-2 P220 dec"], "220 P 18 Dec 26", 2),
        (["100"], "XYZ", 100),
    ],
)
def test_each_kind(legs: list[str], name: str, units: int) -> None:
    assert found(*legs) == {name: units}


def test_units_are_split() -> None:
    assert found("250", "-3 C230 dec") == {"Covered call 230 18 Dec 26": 2, "XYZ": 50, "230 C 18 Dec 26": 1}
    assert found("1 C220 dec", "-3 C230 dec", "100") == {
        "Vertical 220/230 C 18 Dec 26": 1,
        "Covered call 230 18 Dec 26": 1,
        "230 C 18 Dec 26": 1,
    }


def test_two_condors_and_a_spread_over() -> None:
    assert found("2 P90 dec", "-2 P100 dec", "-3 C110 dec", "3 C120 dec") == {
        "Iron condor 90/100/110/120 18 Dec 26": 2,
        "Vertical 110/120 C 18 Dec 26": 1,
    }


def test_spreads_of_one_direction_are_no_condor() -> None:
    names = found("1 P100 dec", "-1 P90 dec", "-1 C110 dec", "1 C120 dec")
    assert names == {"Vertical 90/100 P 18 Dec 26": 1, "Vertical 110/120 C 18 Dec 26": 1}


def test_uneven_wings_are_no_butterfly() -> None:
    assert "Butterfly" not in " ".join(found("1 C100 dec", "-2 C110 dec", "1 C130 dec"))


def test_what_is_no_whole_contract_stays_single() -> None:
    assert found("0.5 C220 dec", "-1 C230 dec") == {"220 C 18 Dec 26": 0, "230 C 18 Dec 26": 1}
    assert found("99.5", "-1 C230 dec") == {"XYZ": 99, "230 C 18 Dec 26": 1}


def test_no_unit_is_lost_or_doubled() -> None:
    chance = random.Random(20261120)
    for _ in range(2000):
        terms = {
            f"{chance.choice('PC')}{chance.choice((90, 100, 110, 120))} {chance.choice(('dec', 'jan'))}"
            for _ in range(chance.randint(0, 8))
        }
        legs = [leg(f"{chance.choice((-3, -2, -1, 1, 2, 3))} {each}") for each in sorted(terms)]
        legs += [leg(str(chance.choice((-50, 100, 230))))]
        sums: Counter[str] = Counter()
        for group in recognised(legs):
            sums.update({part.leg.symbol: 0 for part in group.parts})
            for part in group.parts:
                assert (part.units > 0) == (part.leg.quantity > 0)
                sums[part.leg.symbol] += int(part.units)
        assert sums == {each.symbol: int(each.quantity) for each in legs}
