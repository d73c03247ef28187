"""Fills of every kind: in parts, by leg, out of order, without ids, and when they contradict Schwab's own count."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actandpos.types import OrderRow
from livedata.schwab.orders import read_order, read_orders
from livedata.schwab.orderterms import SHELL
from livedata.schwab.tests import payload_orders, payloads
from livedata.schwab.tests.payload_orders import leg

AT = datetime(2026, 5, 14, 13, 45, 3, tzinfo=UTC)
CALLS = ("AAPL  260918C00220000", "AAPL  260918C00230000")


def read(*orders: Any) -> list[OrderRow]:
    """Return the rows of orders that must all be readable."""
    reading = read_orders(payloads.encode(list(orders)))
    assert reading.rejected == []
    return [row for rows in reading.by_number.values() for row in rows]


def activity(number: int | None, seconds: int, *parts: tuple[int | None, float, float], **more: Any) -> Any:
    """Return one execution so many seconds after the first, of `(leg id, quantity, price)` each."""
    time = (AT + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S+0000")
    legs = [{"legId": one, "quantity": two, "price": three, "time": time} for one, two, three in parts]
    base = {"activityType": "EXECUTION", "executionType": "FILL", "executionLegs": legs}
    return base | ({} if number is None else {"activityId": number}) | more


def bought(*activities: Any, **more: Any) -> OrderRow:
    """Return 25 shares of SPY with these executions."""
    (row,) = read(payload_orders.filled_in_two_parts() | {"orderActivityCollection": list(activities)} | more)
    return row


def spread(*activities: Any, ratio: tuple[float, float] = (1.0, 1.0), **more: Any) -> OrderRow:
    """Return a spread with these executions."""
    legs = [
        leg(CALLS[0], "BUY_TO_OPEN", ratio[0], 1, "OPTION"),
        leg(CALLS[1], "SELL_TO_OPEN", ratio[1], 2, "OPTION"),
    ]
    given = {"orderLegCollection": legs, "orderActivityCollection": list(activities)}
    (row,) = read(payload_orders.vertical(**given | more))
    return row


def test_parts_come_oldest_first_whatever_their_order() -> None:
    row = bought(activity(7, 60, (1, 10.0, 610.03)), activity(9, 0, (1, 15.0, 610.02)))
    assert [(each.key, each.quantity, each.price, each.filled_at) for each in row.fills] == [
        ("9", 15, Decimal("610.02"), AT),
        ("7", 10, Decimal("610.03"), AT + timedelta(seconds=60)),
    ]
    assert {(each.symbol, each.side, each.leg_id) for each in row.fills} == {("SPY", "BUY", 1)}
    assert (row.avg_fill_price, row.missing.get("filled_quantity")) == (Decimal("610.024"), None)


def test_a_fill_without_an_id_is_known_by_what_it_says() -> None:
    parts = [
        activity(None, 0, (1, 5.0, 610.0)),
        activity(None, 0, (1, 5.0, 610.0)),
        activity(None, 1, (1, 15.0, 611.0)),
    ]
    keys, turned = ([each.key for each in bought(*some).fills] for some in (parts, parts[::-1]))
    assert keys == turned
    assert len(set(keys)) == 3
    assert keys[1] == f"{keys[0]}/2"


def test_several_parts_of_one_leg_in_one_execution_are_kept_apart() -> None:
    row = bought(activity(7, 0, (1, 15.0, 610.0), (1, 10.0, 611.0)))
    assert [(each.key, each.quantity) for each in row.fills] == [("7", 15), ("7/2", 10)]


@pytest.mark.parametrize(
    "other",
    [
        activity(8, 5, (1, 10.0, 0.0), executionType="CANCELED"),
        activity(8, 5, (1, 10.0, 9.0), activityType="ORDER_ACTION"),
        activity(8, 5, (1, 10.0, 9.0), executionType="SOMETHING_NEW"),
    ],
)
def test_what_is_no_fill_is_told_but_not_counted(other: Any) -> None:
    row = bought(activity(7, 0, (1, 25.0, 610.0)), other | {"quantity": 10.0})
    assert [each.key for each in row.fills] == ["7"]
    assert row.avg_fill_price == 610
    (told,) = row.told
    is_cancel = other["executionType"] == "CANCELED"
    assert (told.kind, told.at, told.quantity) == (
        "canceled" if is_cancel else "status",
        AT + timedelta(seconds=5),
        10,
    )
    assert told.text == ("" if is_cancel else f"{other['activityType']} {other['executionType']}")


def test_one_fill_for_each_leg() -> None:
    row = spread(activity(7, 0, (2, 1.0, 5.05), (1, 1.0, 8.45)), filledQuantity=1.0)
    assert [(each.leg_id, each.symbol, each.side) for each in row.fills] == [
        (1, CALLS[0], "BUY_TO_OPEN"),
        (2, CALLS[1], "SELL_TO_OPEN"),
    ]
    assert row.avg_fill_price == Decimal("3.4")


def test_a_ratio_spread_is_priced_by_the_combination() -> None:
    parts = [activity(7, 0, (1, 2.0, 8.0), (2, 4.0, 3.0)), activity(8, 1, (1, 1.0, 8.3), (2, 2.0, 3.0))]
    row = spread(*parts, ratio=(3.0, 6.0), quantity=3.0, filledQuantity=3.0)
    assert (row.avg_fill_price, row.missing.get("filled_quantity")) == (Decimal("2.1"), None)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([], "Schwab lists no fill, though it counts 2 as filled."),
        (
            [activity(7, 0, (1, 2.0, 8.0), (2, 1.0, 3.0))],
            "Its legs are not filled evenly, so there is no net price yet.",
        ),
        ([activity(7, 0, (1, 2.0, 8.0), (9, 2.0, 3.0))], "A fill does not say which leg it belongs to."),
    ],
)
def test_a_net_price_that_cannot_be_told_says_why(parts: list[Any], reason: str) -> None:
    row = spread(*parts, quantity=2.0, ratio=(2.0, 2.0), filledQuantity=2.0)
    assert (row.avg_fill_price, row.missing["avg_fill_price"]) == (None, reason)


@pytest.mark.parametrize(
    ("filled", "parts", "words"),
    [
        (25.0, [(1, 15.0, 610.0)], "Schwab counts 25 as filled, the fills it lists add up to 15."),
        (0.0, [(1, 15.0, 610.0)], "Schwab counts 0 as filled, the fills it lists add up to 15."),
        (25.0, [(1, 15.0, 610.0), (1, 10.0, 610.0)], None),
        (0.0, [], None),
    ],
)
def test_where_the_fills_and_the_count_disagree_both_are_said(
    filled: float, parts: Any, words: str | None
) -> None:
    row = bought(*[activity(number, 0, part) for number, part in enumerate(parts)], filledQuantity=filled)
    assert (row.filled_quantity, row.missing.get("filled_quantity")) == (Decimal(filled), words)


def test_a_fill_without_a_time_is_kept_and_comes_last() -> None:
    late = activity(6, 0, (1, 10.0, 610.0))
    del late["executionLegs"][0]["time"]
    row = bought(late, activity(7, 9, (1, 15.0, 610.0)))
    assert [(each.key, each.filled_at is None) for each in row.fills] == [("7", False), ("6", True)]


def test_legs_that_schwab_does_not_tell_apart_are_counted_by_place() -> None:
    legs = [leg(CALLS[0], "BUY_TO_OPEN", 1.0, 1, "OPTION"), leg(CALLS[1], "SELL_TO_OPEN", 1.0, 1, "OPTION")]
    (row,) = read(payload_orders.vertical(orderLegCollection=legs))
    assert [(each.leg_id, each.underlying) for each in row.legs] == [(1, "AAPL"), (2, "AAPL")]


def test_terms_as_schwab_words_them() -> None:
    more = {
        "orderType": "TRAILING_STOP", "stopPriceLinkBasis": "BID", "stopPriceLinkType": "PERCENT",
        "stopPriceOffset": 2.5, "stopType": "MARK", "specialInstruction": "ALL_OR_NONE", "taxLotMethod": "FIFO",
        "activationPrice": 21.25, "session": "SEAMLESS", "cancelTime": "2026-11-10T00:00:00+0000",
        "releaseTime": "2026-05-15T13:30:00+0000", "destinationLinkName": "NITE",
    }  # fmt: skip
    (row,) = read(payload_orders.partly_filled() | more)
    assert row.terms == {
        "stop_type": "MARK", "trail_basis": "BID", "trail_type": "PERCENT", "trail_offset": "2.5",
        "activation_price": "21.25", "special_instruction": "ALL_OR_NONE", "tax_lot_method": "FIFO",
        "release_at": "2026-05-15T13:30:00.000Z", "destination": "NITE", "source": "TA_example-app",
    }  # fmt: skip
    assert (row.session, row.cancel_at) == ("SEAMLESS", datetime(2026, 11, 10, tzinfo=UTC))


@pytest.mark.parametrize("offset", ["@@1E1000000@@", "NaN"])
def test_a_term_that_is_no_number_is_refused(offset: str) -> None:
    body = payloads.encode([payload_orders.partly_filled() | {"stopPriceOffset": offset}])
    assert len(read_orders(body).rejected) == 1


def test_words_that_are_new_are_kept_as_they_come() -> None:
    more = {"orderType": "NEW_TYPE", "orderStrategyType": "NEW_SHAPE", "complexOrderStrategyType": "NEW_SPREAD",
            "session": "NIGHT", "duration": "FOREVER", "status": "PENDING_NEWS"}  # fmt: skip
    (row,) = read(payload_orders.partly_filled() | more)
    assert (row.order_type, row.structure, row.spread) == ("NEW_TYPE", "NEW_SHAPE", "NEW_SPREAD")
    assert (row.session, row.duration, row.status, row.status_group) == (
        "NIGHT",
        "FOREVER",
        "PENDING_NEWS",
        "working",
    )


def test_why_a_figure_is_not_there() -> None:
    market, limit, shell = (
        read(each)[place]
        for each, place in (
            (payload_orders.filled_in_two_parts(), 0),
            (payload_orders.canceled(), 0),
            (payload_orders.bracket(), 1),
        )
    )
    assert market.missing == {
        "limit_price": "A market order has no limit price.",
        "stop_price": "Only stop orders have a stop price.",
    }
    assert limit.missing["avg_fill_price"] == "Nothing was filled."
    names = ("quantity", "filled_quantity", "limit_price", "stop_price", "avg_fill_price")
    assert (shell.structure, shell.missing) == ("OCO", dict.fromkeys(names, SHELL))


def test_who_took_whose_place_when_schwab_says_so() -> None:
    later = payload_orders.partly_filled()
    old = payload_orders.canceled() | {"status": "REPLACED", "replacingOrderCollection": [later]}
    for orders in ([old], [later, old]):
        rows = {row.broker_order_id: row.replaces_broker_order_id for row in read(*orders)}
        assert rows == {"1005000100120": None, "1005000100155": "1005000100120"}
    named = old | {"replacingOrderCollection": [{"orderId": later["orderId"]}]}
    assert [row.broker_order_id for row in read(named)] == ["1005000100120"]
    assert read(later, named)[0].replaces_broker_order_id == "1005000100120"


@pytest.mark.parametrize("odd", [None, [], "many", [{"orderId": True}], [3], {}])
def test_successors_that_cannot_be_read_spoil_nothing(odd: Any) -> None:
    (row,) = read(payload_orders.canceled() | {"replacingOrderCollection": odd})
    assert row.replaces_broker_order_id is None


def test_a_child_that_is_listed_by_itself_too_keeps_its_parent() -> None:
    bracket = payload_orders.bracket()
    child = bracket["childOrderStrategies"][0]["childOrderStrategies"][0]
    for orders in ([bracket, child], [child, bracket]):
        rows = {row.broker_order_id: row.parent_broker_order_id for row in read(*orders)}
        assert (len(rows), rows["1005000100142"]) == (4, "1005000100141")


def test_one_order_asked_for_by_itself() -> None:
    body = payloads.encode(payloads.without(payload_orders.bracket(), ("accountNumber",)))
    reading = read_order(body, payloads.MARGIN_NUMBER)
    assert (len(reading.by_number[payloads.MARGIN_NUMBER]), reading.rejected) == (4, [])
    assert len(read_order(b'{"message": "no"}', payloads.MARGIN_NUMBER).rejected) == 1
