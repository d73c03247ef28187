"""What a strategy is called: its kind, strikes, type and days, as an option trader says them."""

from datetime import date

from actandpos.plain import plain
from actandpos.strategies.legs import CALL, Group, Leg

WORDS = {
    "covered_call": "Covered call",
    "vertical": "Vertical",
    "calendar": "Calendar",
    "diagonal": "Diagonal",
    "straddle": "straddle",
    "strangle": "strangle",
    "iron_condor": "Iron condor",
    "butterfly": "Butterfly",
    "collar": "Collar",
    "custom": "Custom",
}
ONE_TYPE = ("vertical", "calendar", "diagonal", "butterfly")
BOTH_SIDES = ("straddle", "strangle")


def name_of(group: Group) -> str:
    """Return e.g. `Vertical 220/230 C 18 Dec 26`, `Short straddle 220 18 Dec 26`, or the symbol of a single leg."""
    legs = [part.leg for part in group.parts]
    options = [leg for leg in legs if leg.is_option]
    if not options:
        return legs[0].symbol if group.kind == "single" else _word(group, options)
    words = [] if group.kind == "single" else [_word(group, options)]
    types = {leg.put_call for leg in options}
    words.append(_strikes(options))
    if len(types) == 1 and (group.kind in ONE_TYPE or group.kind == "single"):
        words.append("C" if types == {CALL} else "P")
    return " ".join([*words, _days(options)])


def _word(group: Group, options: list[Leg]) -> str:
    """Return the kind in words; a pair says its side, a butterfly of puts and calls is an iron one."""
    word = WORDS[group.kind]
    if group.kind in BOTH_SIDES:
        return f"{'Long' if group.parts[0].units > 0 else 'Short'} {word}"
    if group.kind == "butterfly" and len({leg.put_call for leg in options}) == 2:
        return "Iron butterfly"
    return word


def _strikes(options: list[Leg]) -> str:
    """Return the strikes, each once, upwards."""
    return "/".join(
        str(plain(strike)) for strike in sorted({leg.strike for leg in options if leg.strike is not None})
    )


def _days(options: list[Leg]) -> str:
    """Return the expirations, each once, the nearest first."""
    days = sorted({leg.expiration for leg in options if leg.expiration is not None})
    return " / ".join(_day(day) for day in days)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %y}"
