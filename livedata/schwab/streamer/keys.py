"""Which symbols a connection wants, at which service, and what does not fit: the most valuable come first."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from livedata.schwab.positions import OCC
from livedata.schwab.streamer.fields import EQUITIES, OPTIONS

SHARE = re.compile(r"[$A-Z][A-Z0-9.$/^_-]{0,19}")
FOREX = re.compile(r"[A-Z]{3}/[A-Z]{3}")
POLLED = "poll"


class KeyPlan(Struct, frozen=True):
    """Keys by service, most valuable first, and what `/quotes` is asked for instead."""

    streamed: dict[str, list[str]]
    polled: list[str]

    @property
    def all(self) -> list[str]:
        """Every symbol."""
        return [*(symbol for keys in self.streamed.values() for symbol in keys), *self.polled]


def service_of(symbol: str) -> str | None:
    """Return the service that carries a symbol: shares, ETFs and indices, or options; `poll` for the others.

    None is for what cannot be a symbol at all.
    """
    if OCC.fullmatch(symbol):
        return OPTIONS
    if FOREX.fullmatch(symbol) or (symbol.startswith(("/", "./")) and SHARE.fullmatch("A" + symbol)):
        return POLLED
    return EQUITIES if SHARE.fullmatch(symbol) else None


def plan_keys(
    held: Mapping[str, Decimal], underlyings: Iterable[str], watched: Iterable[str], caps: Mapping[str, int]
) -> KeyPlan:
    """Return who streams what: held symbols by value, then their underlyings, then the watched ones.

    `held` is the value in US dollars by symbol, `caps` the most keys of each service; what is over goes to polling.
    """
    by_value = sorted(held, key=lambda symbol: (-held[symbol], symbol))
    streamed: dict[str, list[str]] = {EQUITIES: [], OPTIONS: []}
    polled: list[str] = []
    for symbol in dict.fromkeys([*by_value, *underlyings, *watched]):
        service = service_of(symbol)
        if service is None:
            continue
        if service != POLLED and len(streamed[service]) < caps[service]:
            streamed[service].append(symbol)
        else:
            polled.append(symbol)
    return KeyPlan(streamed, polled)
