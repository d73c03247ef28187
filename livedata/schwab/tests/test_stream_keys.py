"""Which symbol goes where: by kind, by value, within the caps."""

from decimal import Decimal

import pytest

from livedata.schwab.streamer.fields import EQUITIES, OPTIONS
from livedata.schwab.streamer.keys import POLLED, plan_keys, service_of

CALL, PUT = "AAPL  260918C00220000", "SPXW  260918P05500000"


@pytest.mark.parametrize(
    ("symbol", "service"),
    [
        *((each, EQUITIES) for each in ("AAPL", "SPY", "$SPX", "BRK/B", "BRK.B", "A")),
        *((each, OPTIONS) for each in (CALL, PUT)),
        *((each, POLLED) for each in ("/ESM26", "/ES", "./ESM26", "EUR/USD")),
        *(
            (each, None)
            for each in ("", " ", "AAPL,SPY", "aapl", "AAPL\n", "037833100", "X" * 40, "AAPL 260918")
        ),
    ],
)
def test_the_kind_of_symbol_decides_the_service(symbol: str, service: str | None) -> None:
    assert service_of(symbol) == service


def held(**values: int) -> dict[str, Decimal]:
    """Return values by symbol."""
    return {symbol: Decimal(value) for symbol, value in values.items()}


def test_held_symbols_come_first_by_value_then_underlyings_then_watched_ones() -> None:
    values = held(SMALL=1, LARGE=9) | {CALL: Decimal(5)}
    plan = plan_keys(
        values, ["AAPL", "LARGE"], ["NVDA", "/ES", "AAPL", "no symbol"], {EQUITIES: 9, OPTIONS: 9}
    )
    assert plan.streamed == {EQUITIES: ["LARGE", "SMALL", "AAPL", "NVDA"], OPTIONS: [CALL]}
    assert plan.polled == ["/ES"]
    assert plan.all == ["LARGE", "SMALL", "AAPL", "NVDA", CALL, "/ES"]


def test_what_is_over_a_cap_is_polled_and_it_is_what_is_worth_least() -> None:
    values = held(A=1, B=3, C=2) | {CALL: Decimal(1), PUT: Decimal(2)}
    plan = plan_keys(values, [], ["W"], {EQUITIES: 2, OPTIONS: 1})
    assert plan.streamed == {EQUITIES: ["B", "C"], OPTIONS: [PUT]}
    assert plan.polled == ["A", CALL, "W"]
