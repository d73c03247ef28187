"""Matching: which lot goes first, what closing it brought, and what nobody can know. Amounts worked out by hand."""

import random
from decimal import Decimal

import pytest

from actandpos.services.lots import LEFT_EARLY, NO_DELIVERY, OLDER, match
from actandpos.services.lots_types import METHODS, Lot, Matched
from actandpos.tests.movements import PUT, at_random, cash_in, cash_of, contract, day_of, moved, shown

D = Decimal
ZERO = D(0)


def gains(matched: Matched) -> list[Decimal | None]:
    """Return the P/L of each closing."""
    return [each.pl for each in matched.realized]


def held(matched: Matched, symbol: str = "XYZ") -> list[tuple[Decimal, Decimal | None]]:
    """Return quantity and cost of the open lots."""
    return [(lot.quantity, lot.cost) for lot in matched.lots.get(symbol, [])]


def test_first_in_first_out_with_the_fees_of_both_sides() -> None:
    matched = match(
        [
            moved(1, "100", "-1000", fees=D("1.00")),
            moved(2, "50", "-600", fees=D("0.50")),
            moved(3, "-120", "1800", fees=D("1.20")),
        ]
    )
    first, second = matched.realized
    # 100 of 120 for 1500, bought for 1000; fees 1.00 of the buy and 1.00 of the sale.
    assert (first.proceeds, first.cost, first.fees, first.pl) == (1500, -1000, D("2.00"), D("498.00"))
    # 20 of 50: 300 − 240 − 0.20 − 0.20.
    assert (second.opened_by, second.quantity, second.pl) == (2, 20, D("59.60"))
    assert held(matched) == [(30, D("360.30"))]


@pytest.mark.parametrize(
    ("method", "pl"), [("FIFO", [50]), ("LIFO", [20]), ("HIGH_COST", [-10]), ("LOW_COST", [50])]
)
def test_the_method_chooses_the_lot(method: str, pl: list[int]) -> None:
    buys = [moved(1, "10", "-100"), moved(2, "10", "-160"), moved(3, "10", "-130")]
    assert gains(match([*buys, moved(4, "-10", "150")], method=method)) == pl


def test_a_short_gains_when_it_is_bought_back_cheaper() -> None:
    matched = match([moved(1, "-10", "200", fees=D("0.10")), moved(2, "4", "-60", fees=D("0.04"))])
    (closed,) = matched.realized
    assert (closed.quantity, closed.proceeds, closed.cost) == (-4, -60, 80)
    assert closed.pl == D("19.92")
    # What is left was sold for 120, of which 0.06 went in fees: negative, as the broker's cost of a short.
    assert held(matched) == [(-6, D("-119.94"))]


def test_across_zero_the_rest_opens_the_other_side() -> None:
    matched = match([moved(1, "10", "-100"), moved(2, "-25", "300", fees=D("0.25"))])
    assert gains(matched) == [D("19.90")]
    assert held(matched) == [(-15, D("-179.85"))]


def test_a_closing_without_a_lot_is_said_and_opens_nothing() -> None:
    matched = match([moved(1, "10", "-100"), moved(2, "-25", "300", may_open=False)])
    known, older = matched.realized
    assert (known.quantity, known.pl) == (10, 20)
    assert (older.quantity, older.pl, older.cost, older.proceeds, older.unmatched) == (
        15,
        None,
        None,
        180,
        OLDER,
    )
    assert held(matched) == []


def test_a_sale_that_does_not_say_what_it_is_opens_a_short_only_when_the_beginning_is_known() -> None:
    sale = moved(1, "-5", "50", may_open=None)
    assert [each.unmatched for each in match([sale]).realized] == [OLDER]
    assert held(match([sale], opening={})) == [(-5, -50)]


def test_what_was_held_before_goes_first_and_its_gain_is_not_known() -> None:
    before = Lot(
        **dict.fromkeys(("gross", "price", "opened_by", "opened_at")),
        symbol="XYZ", underlying="XYZ", asset_type="EQ", quantity=D(10), fees=ZERO,
    )  # fmt: skip
    matched = match([moved(1, "10", "-100"), moved(2, "-15", "300")], opening={"XYZ": before})
    older, known = matched.realized
    assert (older.quantity, older.pl, older.unmatched) == (10, None, OLDER)
    assert (known.quantity, known.pl) == (5, 50)
    assert held(matched) == [(5, 50)]


def test_an_option_that_expires_is_closed_at_nothing_even_when_it_was_opened_that_day() -> None:
    sold = contract(5, "-2", "300", 18, fees=D("1.30"))
    expired = contract(1, "2", "0", 18, kind="option_event", may_open=None)
    matched = match([sold, expired])
    assert gains(matched) == [D("298.70")]
    assert held(matched, sold.symbol) == []


def test_an_option_that_leaves_early_without_shares_has_no_known_gain() -> None:
    bought = contract(1, "2", "-300")
    left = contract(2, "-2", None, 5, kind="option_event", may_open=None)
    assert [(each.pl, each.unmatched) for each in match([bought, left]).realized] == [(None, LEFT_EARLY)]
    assigned = contract(2, "-2", None, 18, kind="option_event", may_open=None, text="Option exercised")
    assert [each.unmatched for each in match([bought, assigned]).realized] == [NO_DELIVERY]


def test_the_premium_of_an_assigned_put_lowers_the_cost_of_the_shares() -> None:
    sold = contract(1, "-1", "250", symbol=PUT, fees=D("0.66"))
    assigned = contract(2, "1", "0", 18, symbol=PUT, kind="option_event", may_open=None)
    shares = moved(3, "100", "-9000", 18, kind="transfer", price=D(90))
    matched = match([sold, assigned, shares])
    assert gains(matched) == [0]
    assert held(matched) == [(100, D("8750.66"))]
    assert match([shares, assigned, sold]).lots["XYZ"][0].cost == D("8750.66")


def test_the_premium_of_a_called_away_share_is_part_of_its_proceeds() -> None:
    bought, sold = moved(1, "100", "-9500"), contract(2, "-1", "180")
    called = contract(3, "1", None, 18, kind="option_event", may_open=None)
    # Booked on the Monday, as units alone: what was paid is the contract's strike.
    shares = moved(4, "-100", None, 21, kind="transfer", may_open=None)
    matched = match([bought, sold, called, shares])
    assert gains(matched) == [0, D(10000) + 180 - 9500]
    assert held(matched) == []


def test_a_delivery_across_zero_is_booked_in_two_rows() -> None:
    sold = contract(2, "-1", "180")
    called = contract(3, "1", None, 18, kind="option_event", may_open=None, text="OPTION ASSIGNED")
    out = moved(4, "-60", "6000", 18, price=D(100), may_open=False)
    short = moved(5, "-40", "4000", 18, price=D(100))
    matched = match([moved(1, "60", "-5700"), sold, called, out, short])
    # 60 of the 100 shares take 60 hundredths of strike and premium.
    assert gains(matched) == [0, D(6000) + 108 - 5700]
    assert held(matched) == [(-40, -4072)]


def test_a_trade_by_order_at_the_strike_is_no_delivery() -> None:
    bought, sold = moved(1, "100", "-9500"), contract(2, "-1", "180")
    expired = contract(3, "1", None, 18, kind="option_event", may_open=None)
    by_order = moved(4, "-100", "10000", 18, price=D(100), from_order=True)
    assert sorted(filter(None, gains(match([bought, sold, expired, by_order])))) == [180, 500]


def test_an_option_settled_in_cash_is_closed_at_that() -> None:
    settled = contract(2, "-1", "420", 18, kind="option_event", may_open=None)
    assert gains(match([contract(1, "1", "-300"), settled])) == [120]


def test_shares_that_come_by_transfer_have_an_unknown_cost_and_those_that_go_take_their_lot() -> None:
    came = moved(1, "10", None, kind="transfer")
    matched = match([came, moved(2, "-4", "80")])
    assert [(each.pl, each.cost, each.proceeds) for each in matched.realized] == [(None, None, 80)]
    assert held(matched) == [(6, None)]
    went = match([moved(1, "10", "-100"), moved(2, "-4", None, 1, kind="transfer", may_open=None)])
    assert gains(went) == []
    assert held(went) == [(6, 60)]


def test_a_split_and_a_new_name_keep_cost_and_time() -> None:
    bought = [moved(1, "10", "-100"), moved(2, "5", "-65")]
    out = moved(3, "-15", None, 1, kind="transfer", may_open=None)
    split = match([*bought, out, moved(3, "60", None, 1, kind="transfer")])
    assert held(split) == [(40, 100), (20, 65)]
    renamed = match([*bought, out, moved(3, "15", None, 1, kind="transfer", symbol="NEW", underlying="NEW")])
    assert (held(renamed), held(renamed, "NEW")) == ([], [(10, 100), (5, 65)])
    # Not all that is held: nobody can tell what became of it.
    some = moved(3, "-9", None, 1, kind="transfer", may_open=None)
    assert held(match([*bought, some, moved(3, "36", None, 1, kind="transfer")])) == [
        (1, 10),
        (5, 65),
        (36, None),
    ]


def test_random_trades_lose_neither_units_nor_cash_whatever_the_method() -> None:
    rng = random.Random(20261122)
    for case in range(7_000):
        events, method = at_random(rng), METHODS[case % 4]
        matched = match(events, method=method, opening={})
        for symbol, lots in matched.lots.items():
            units = sum(each.quantity for each in events if each.symbol == symbol)
            loose = [each for each in matched.realized if each.symbol == symbol and each.opened_by is None]
            assert sum(lot.quantity for lot in lots) == units + sum(each.quantity for each in loose), case
            assert len({lot.quantity > 0 for lot in lots}) <= 1, case
        assert cash_in(matched) == cash_of(events), case


def test_random_trades_in_any_batches_end_as_all_at_once() -> None:
    rng = random.Random(31415926)
    for case in range(3_000):
        events, method = at_random(rng), METHODS[case % 4]
        whole = match(rng.sample(events, len(events)), method=method, opening={})
        ordered = sorted(events, key=lambda each: each.key)
        lots, realized = None, []
        while ordered:
            count = rng.randint(1, len(ordered))
            part = match(ordered[:count], method=method, opening={}, lots=lots)
            lots, ordered = part.lots, ordered[count:]
            realized += part.realized
        assert shown(Matched(lots=lots or {}, realized=realized, closed_ids=[])) == shown(whole), case


def test_days_are_as_the_examples_say() -> None:
    assert day_of(18).isoformat() == "2026-03-20"
