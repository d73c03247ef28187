"""Whatever Schwab sends, reading it ends in figures that can be kept or in the one error for odd answers."""

import copy
import json
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actandpos.types import Balances, OrderRow, PositionRow
from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.normalizers import AccountReading, UnreadableAccount, read_account, read_accounts
from livedata.schwab.orders import read_orders
from livedata.schwab.preferences import read_preferences
from livedata.schwab.tests import payload_orders, payloads
from livedata.schwab.tests.readings import FRESH, SENT

PLACES = {"quantity": 6, "filled_quantity": 6, "multiplier": 6} | dict.fromkeys(
    ("avg_price", "mark_price", "mark_change", "strike", "limit_price", "stop_price", "avg_fill_price"), 8
)
MONEY = 4
FILLED_VERTICAL = payload_orders.vertical(
    filledQuantity=1.0,
    orderActivityCollection=[payload_orders.execution((1, 1.0, 8.45), (2, 1.0, 5.05))],
)
ANSWERS: list[Any] = [
    [payloads.margin_account([payloads.INTC])],
    [payloads.cash_account([payloads.CALL, payloads.CALL])],
    [payload_orders.filled_in_two_parts()],
    [FILLED_VERTICAL],
    [payload_orders.bracket()],
    payloads.preferences(),
]
ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, "", "text", "A\u0000B", "\ud800", "NaN", "Infinity", "-1E30", "X" * 70),
    *("2026-05-14T13:45:02", "0001-01-01T00:00:00+1400", "9999-12-31T23:59:59-1400", "UNKNOWN", "FILL", "CANCELED"),
    *("@@1E1000000@@", "@@-1E-1000000@@", "@@0E999999999@@", f"@@{'9' * 5000}@@", f"@@0.{'7' * 5000}@@"),
    *("@@123456789012.34567@@", "@@999999999.9999996@@", "@@1E-9@@", "@@-0.0@@", "@@NaN@@", f"@@{'[' * 3000}@@"),
    *([], {}, [[]], [None], {"symbol": "AAPL"}, {"securitiesAccount": {}}, [payloads.AAPL], [payload_orders.bracket()]),
]  # fmt: skip

quick = settings(deadline=None, database=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


def numbers_of(value: Any) -> Iterator[tuple[str, Decimal]]:
    """Yield the figures of a row by name, those of its legs too."""
    for name in value.__struct_fields__:
        each = getattr(value, name)
        if isinstance(each, Decimal):
            yield name, each
        for inner in each if name == "legs" else ():
            yield from numbers_of(inner)


def check_numbers(value: Balances | PositionRow | OrderRow) -> None:
    """Every figure is finite, has no more than its column's decimals and at most 15 digits."""
    for name, figure in numbers_of(value):
        places = PLACES.get(name, MONEY)
        assert figure.is_finite(), name
        assert figure == round(figure, places), name
        assert not figure or figure.adjusted() + 1 + places <= 15, name


def read_as_accounts(body: bytes) -> None:
    """Read a body as accounts and as one account."""
    answers: list[AccountReading | UnreadableAccount] = []
    with suppress(SchwabOddAnswer):
        answers += read_accounts(body, SENT, FRESH)
    with suppress(SchwabOddAnswer):
        answers.append(read_account(body, SENT, FRESH))
    for answer in answers:
        if isinstance(answer, UnreadableAccount):
            assert answer.reason
            continue
        check_numbers(answer.snapshot.balances)
        for row in answer.snapshot.positions:
            check_numbers(row)
        assert all(rejected.reason for rejected in answer.snapshot.rejected)


def read_as_orders(body: bytes) -> None:
    """Read a body as orders; their times must be moments that a database can keep."""
    with suppress(SchwabOddAnswer):
        for rows in read_orders(body).by_number.values():
            for order in rows:
                check_numbers(order)
                for moment in (order.entered_at, order.closed_at):
                    assert moment is None or moment.astimezone(UTC).tzinfo is UTC


def read_everything(body: bytes) -> None:
    """Read a body as every answer there is; only `SchwabOddAnswer` may come out."""
    read_as_accounts(body)
    read_as_orders(body)
    with suppress(SchwabOddAnswer):
        read_preferences(body)


def places_of(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place inside a JSON value as container and key."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from places_of(value[key])


def mutate(answer: Any, choose: random.Random, times: int, odd: Any) -> Any:
    """Return a copy in which a few places were replaced, taken out or doubled."""
    result = copy.deepcopy(answer)
    for _ in range(times):
        places = list(places_of(result))
        if not places:
            break
        container, key = choose.choice(places)
        action = choose.random()
        if action < 0.2:
            del container[key]
        elif action < 0.3 and isinstance(container, list):
            container.append(copy.deepcopy(container[key]))
        else:
            container[key] = copy.deepcopy(choose.choice([odd, *ODD]))
    return result


@pytest.mark.parametrize("answer", ANSWERS[:-1])
def test_every_odd_value_at_every_place_of_a_good_answer(answer: Any) -> None:
    for container, key in list(places_of(answer := copy.deepcopy(answer))):
        good = container[key]
        for odd in ODD:
            container[key] = odd
            body = payloads.encode(answer)
            read_as_orders(body) if b"orderId" in body else read_as_accounts(body)
        container[key] = good


@quick
@given(anything)
def test_any_json(value: Any) -> None:
    read_everything(json.dumps(value).encode())
    read_everything(json.dumps([{"securitiesAccount": value}]).encode())


@quick
@given(st.binary(max_size=64))
def test_any_bytes(body: bytes) -> None:
    read_everything(body)


@quick
@given(st.sampled_from(ANSWERS), st.randoms(use_true_random=False), st.integers(2, 6), anything)
def test_any_change_of_a_good_answer(answer: Any, choose: random.Random, times: int, odd: Any) -> None:
    read_everything(payloads.encode(mutate(answer, choose, times, odd)))


@quick
@given(st.sampled_from(ANSWERS), st.data())
def test_any_damage_to_the_bytes_of_a_good_answer(answer: Any, data: st.DataObject) -> None:
    body = payloads.encode(answer)
    start = data.draw(st.integers(0, len(body)))
    length = data.draw(st.integers(0, 12))
    read_everything(body[:start] + data.draw(st.binary(max_size=6)) + body[start + length :])
