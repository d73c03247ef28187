"""Answers that are not believed at once, rows that could not be read, and the sums over rows."""

from datetime import timedelta
from decimal import Decimal

import pytest

from actandpos import services
from actandpos.models import Account, Position, RejectedRow
from actandpos.tests.book import START, account, apply, row, snapshot, trader
from actandpos.types import Balances
from actandpos.types import RejectedRow as RejectedValue

pytestmark = pytest.mark.django_db
STILL_COUNTED = Balances(net_liq=Decimal(3500), cash=Decimal(500))


@pytest.fixture
def margin() -> Account:
    """An account with three positions of 1,000 dollars."""
    made = account(trader())
    apply(made, 1, row("AAA"), row("BBB"), row("CCC"))
    return made


def symbols() -> set[str]:
    """Return what is held."""
    return set(Position.objects.values_list("symbol", flat=True))


def test_missing_rows_that_balances_count_are_suspect(margin: Account) -> None:
    before: dict[str, object] = {**Account.objects.filter(pk=margin.pk).values().get()}
    change = apply(margin, 2, row("AAA", "1001"), balances=STILL_COUNTED)
    assert (change.outcome, change.version, change.rows_written) == ("suspect", 1, 0)
    assert change.reason.startswith("2 positions worth 2,000.00 USD")
    after: dict[str, object] = {**Account.objects.filter(pk=margin.pk).values().get()}
    assert before.pop("suspect_digest") != after.pop("suspect_digest")
    assert after == before
    assert symbols() == {"AAA", "BBB", "CCC"}


def test_a_second_answer_that_agrees_is_applied(margin: Account) -> None:
    apply(margin, 2, row("AAA"), balances=STILL_COUNTED)
    change = apply(margin, 3, row("AAA", "1002"), balances=STILL_COUNTED)
    assert (change.outcome, len(change.removed)) == ("applied", 2)
    assert (symbols(), margin.suspect_digest) == ({"AAA"}, "")


def test_the_same_answer_again_does_not_agree_with_itself(margin: Account) -> None:
    for _ in range(2):
        assert apply(margin, 2, row("AAA"), balances=STILL_COUNTED).outcome == "suspect"


def test_other_missing_rows_do_not_agree(margin: Account) -> None:
    apply(margin, 2, row("AAA"), row("BBB"), balances=STILL_COUNTED)
    assert apply(margin, 3, row("AAA"), row("CCC"), balances=STILL_COUNTED).outcome == "suspect"
    assert apply(margin, 4, row("AAA"), row("CCC"), balances=STILL_COUNTED).outcome == "applied"
    assert symbols() == {"AAA", "CCC"}


def test_a_whole_answer_in_between_takes_the_doubt_away(margin: Account) -> None:
    apply(margin, 2, row("AAA"), balances=STILL_COUNTED)
    apply(margin, 3, row("AAA"), row("BBB"), row("CCC"))
    assert apply(margin, 4, row("AAA"), balances=STILL_COUNTED).outcome == "suspect"


@pytest.mark.parametrize(
    "balances",
    [
        Balances(net_liq=Decimal("2501.00"), cash=Decimal(500), margin_balance=Decimal(1000)),
        Balances(net_liq=Decimal(1500), cash=Decimal(500)),
        Balances(cash=Decimal(500)),
        Balances(net_liq=Decimal(-9000), cash=Decimal(500)),
    ],
    ids=["within a dollar", "exact", "no net liq", "off the other way"],
)
def test_rows_that_balances_do_not_count_may_go(margin: Account, balances: Balances) -> None:
    assert apply(margin, 2, row("AAA"), balances=balances).outcome == "applied"
    assert symbols() == {"AAA"}


def test_more_than_a_dollar_is_doubted() -> None:
    made = account(trader())
    apply(made, 1, row("AAA"), row("BBB", "1.01"))
    counted = Balances(net_liq=Decimal("1501.01"), cash=Decimal(500))
    assert apply(made, 2, row("AAA"), balances=counted).outcome == "suspect"


def test_cash_rows_are_not_in_the_sum(margin: Account) -> None:
    sweep = row("SWEEP", "700", asset_type="CASH")
    apply(margin, 2, row("AAA"), row("BBB"), row("CCC"), sweep)
    assert apply(margin, 3, row("AAA"), row("BBB"), row("CCC"), balances=STILL_COUNTED).outcome == "applied"


def test_a_cash_row_does_not_stand_in_for_missing_ones(margin: Account) -> None:
    sweep = row("SWEEP", "2000", asset_type="CASH")
    assert apply(margin, 2, row("AAA"), sweep, balances=STILL_COUNTED).outcome == "suspect"


def test_shorts_count_with_their_sign(margin: Account) -> None:
    short = row("DDD", "-400", quantity=Decimal(-4))
    apply(margin, 2, row("AAA"), row("BBB"), row("CCC"), short)
    kept = Balances(net_liq=Decimal(3100), cash=Decimal(500))
    change = apply(margin, 3, row("AAA"), row("BBB"), row("CCC"), balances=kept)
    assert change.outcome == "suspect"
    assert "1 position worth -400.00 USD" in change.reason


def test_an_unreadable_row_keeps_its_stored_one(margin: Account) -> None:
    bad = RejectedValue(symbol="BBB", reason="marketValue is not a number")
    change = apply(margin, 2, row("AAA"), row("CCC", "1001"), rejected=[bad], balances=STILL_COUNTED)
    assert (change.outcome, change.removed, symbols()) == ("applied", [], {"AAA", "BBB", "CCC"})
    refused = RejectedRow.objects.get()
    assert (refused.symbol, refused.reason, refused.seen_at) == (
        "BBB",
        bad.reason,
        START + timedelta(seconds=2),
    )
    assert margin.pl_open == 300
    apply(margin, 3, row("AAA"), row("BBB"), row("CCC"))
    assert not RejectedRow.objects.exists()


def test_a_kept_row_is_counted_before_others_are_missed(margin: Account) -> None:
    bad = RejectedValue(symbol="BBB", reason="odd")
    balances = Balances(net_liq=Decimal(2500), cash=Decimal(500))
    change = apply(margin, 2, row("AAA"), rejected=[bad], balances=balances)
    assert ([key.symbol for key in change.removed], symbols()) == (["CCC"], {"AAA", "BBB"})


def test_an_unreadable_row_without_symbol_keeps_whatever_is_missed(margin: Account) -> None:
    bad = RejectedValue(symbol=None, reason="no instrument")
    for at in (2, 3):
        change = apply(margin, at, row("AAA", f"100{at}"), row("BBB"), rejected=[bad], balances=STILL_COUNTED)
        assert (change.outcome, change.removed) == ("applied", [])
    assert symbols() == {"AAA", "BBB", "CCC"}
    assert Position.objects.get(symbol="AAA").market_value == 1003


def test_sums_of_rows_and_percent(margin: Account) -> None:
    rows = [
        row("AAA", pl_open=Decimal("0.1"), pl_day=Decimal("-2.5")),
        row("BBB", pl_open=None, pl_day=Decimal("0.2")),
    ]
    apply(margin, 2, *rows)
    assert (margin.pl_open, margin.pl_day) == (Decimal("0.1"), Decimal("-2.3"))
    assert margin.missing == {
        "pl_open": "Without 1 of 2 positions, which have no such figure.",
        "pl_day": "Without 1 closed today, whose P/L of the day is not known.",
    }
    assert margin.pl_day_percent == Decimal("-0.0919")  # −2.3 ÷ 2502.3 × 100 = −0.09191…


def test_sums_without_any_figure_are_null(margin: Account) -> None:
    apply(margin, 2, row("AAA", pl_open=None, pl_day=None))
    assert (margin.pl_open, margin.pl_day, margin.pl_day_percent) == (None, None, None)
    assert set(margin.missing) == {"pl_open", "pl_day", "pl_day_percent"}


def test_an_empty_account_has_no_profit(margin: Account) -> None:
    apply(margin, 2)
    assert (margin.pl_open, margin.pl_day, margin.pl_day_percent) == (Decimal(0), Decimal(0), Decimal(0))
    assert margin.missing == {"pl_day": "Without 3 closed today, whose P/L of the day is not known."}


@pytest.mark.parametrize("net_liq", ["5", "4.99", None])
def test_no_percent_of_nothing(net_liq: str | None) -> None:
    made = account(trader("other"))
    amount = None if net_liq is None else Decimal(net_liq)
    apply(made, 1, row("AAA"), balances=Balances(net_liq=amount))
    assert made.pl_day_percent is None
    assert made.missing["pl_day_percent"]


def test_percent_is_rounded_half_even() -> None:
    made = account(trader("other"))
    apply(made, 1, row("AAA", pl_day=Decimal("0.0025")), balances=Balances(net_liq=Decimal("20.0025")))
    assert made.pl_day_percent == Decimal("0.0125")
    apply(made, 2, row("AAA", pl_day=Decimal("0.0001")), balances=Balances(net_liq=Decimal("40.0001")))
    assert made.pl_day_percent == Decimal("0.0002")  # 0.00025: the even neighbour


def test_the_object_passed_in_may_be_old(margin: Account) -> None:
    stale = Account.objects.get(pk=margin.pk)
    apply(margin, 2, row("AAA", "1002"))
    assert services.apply_snapshot(stale, snapshot(2, row("AAA"))).outcome == "older"
