"""Accounts by identity, their link, their descriptions, and what is read of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from actandpos import selectors, services
from actandpos.models import Account, Position
from actandpos.tests.book import START, account, apply, row, trader
from actandpos.types import Balances

pytestmark = pytest.mark.django_db


def test_ensure_account_finds_and_renames(owner: User) -> None:
    made = account(owner)
    again = account(owner, "Trading …4321")
    assert (again.pk, again.display_name) == (made.pk, "Trading …4321")
    assert account(trader("other")).pk != made.pk
    assert Account.objects.count() == 2


def test_link_states(owner: User) -> None:
    one, two = account(owner), account(owner, "Cash …8765", "two")
    assert services.set_link_state(Account.objects.all(), "expiring") == 2
    assert services.set_link_state([one.pk], "expiring") == 0
    assert services.mark_unlinked([two]) == 1
    assert list(Account.objects.values_list("link_state", flat=True)) == ["expiring", "unlinked"]


def test_descriptions_fill_and_survive_an_answer_without(owner: User) -> None:
    one, two = account(owner), account(owner, "Cash …8765", "two")
    apply(one, 1, row("AAA"), row("BBB", description="BBB Fund"))
    apply(two, 1, row("CCC"))
    assert services.set_descriptions(None, {"AAA": "Aaa Corp", "ZZZ": "Nobody", "CCC": ""}) == [one.pk]
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.version, two.version) == (2, 1)
    assert services.set_descriptions(None, {"AAA": "Aaa Corp"}) == []
    apply(one, 2, row("AAA", "1001"), row("BBB", "1001", description="BBB Fund II"))
    assert dict(Position.objects.filter(account=one).values_list("symbol", "description")) == {
        "AAA": "Aaa Corp",
        "BBB": "BBB Fund II",
    }


def test_a_description_that_came_later_takes_its_excuse_away(owner: User) -> None:
    one = account(owner)
    apply(one, 1, row("AAA", description=None, missing={"description": "Not sent."}))
    today = date(2026, 11, 20)
    assert selectors.position_rows([one], today)[0].missing["description"] == "Not sent."
    services.set_descriptions(one.pk, {"AAA": "Aaa Corp"})
    assert "description" not in selectors.position_rows([one], today)[0].missing


def test_descriptions_of_one_account_only(owner: User) -> None:
    one, two = account(owner), account(owner, "Cash …8765", "two")
    apply(one, 1, row("AAA"))
    apply(two, 1, row("AAA"))
    assert services.set_descriptions(two.pk, {"AAA": "Aaa Corp"}) == [two.pk]
    assert Position.objects.get(account=one).description is None


def test_staleness_is_told_when_read(owner: User) -> None:
    one = account(owner)
    assert selectors.summary(one, START).is_stale
    apply(one, 0)
    assert not selectors.summary(one, START + timedelta(seconds=45)).is_stale
    assert selectors.summary(one, START + timedelta(seconds=46)).is_stale


def test_total_adds_what_is_known_and_names_the_rest(owner: User) -> None:
    margin, cash = account(owner), account(owner, "Cash …8765", "two")
    apply(margin, 5, balances=Balances(net_liq=Decimal("0.1"), margin_balance=Decimal(-5)))
    apply(cash, 3, balances=Balances(net_liq=Decimal("0.2"), missing={"margin_balance": "No margin here."}))
    services.set_link_state([cash], "reauth_required")
    both = list(selectors.accounts_of(owner))
    total = selectors.total(both, START + timedelta(seconds=49))
    assert (total.net_liq, total.margin_balance, total.cash) == (Decimal("0.3"), Decimal(-5), None)
    assert "net_liq" not in total.missing
    assert total.missing["margin_balance"] == "Without Cash …8765 (No margin here)."
    assert total.missing["cash"] == "Without Margin …4321, Cash …8765."
    assert total.checked_at == START + timedelta(seconds=3)
    assert total.as_of == START + timedelta(seconds=5)
    assert (total.version, total.is_stale, total.link_state) == (2, True, "reauth_required")
    assert (total.account_id, total.display_name, total.account_type) == (None, "All accounts", None)


def test_total_percent_is_of_the_sums(owner: User) -> None:
    one, two = account(owner), account(owner, "Cash …8765", "two")
    apply(one, 1, row("AAA", pl_day=Decimal(10)), balances=Balances(net_liq=Decimal(110)))
    apply(two, 1, row("AAA", pl_day=Decimal(-30)), balances=Balances(net_liq=Decimal(270)))
    total = selectors.total(list(selectors.accounts_of(owner)), START)
    assert (total.pl_day, total.pl_day_percent) == (Decimal(-20), Decimal("-5.0000"))
    apply(two, 2, row("AAA", pl_day=None), balances=Balances(net_liq=Decimal(270)))
    total = selectors.total(list(selectors.accounts_of(owner)), START)
    assert (total.pl_day, total.pl_day_percent) == (Decimal(10), Decimal("10.0000"))
    assert "Cash …8765" in total.missing["pl_day_percent"]


def test_total_says_when_a_part_is_partial(owner: User) -> None:
    apply(account(owner), 1, row("AAA"), row("BBB", pl_open=None))
    total = selectors.total(list(selectors.accounts_of(owner)), START)
    assert total.pl_open == 100
    assert total.missing["pl_open"] == "Margin …4321: Without 1 of 2 positions, which have no such figure."


def test_total_of_an_account_never_read(owner: User) -> None:
    apply(account(owner), 1)
    account(owner, "Cash …8765", "two")
    total = selectors.total(list(selectors.accounts_of(owner)), START)
    assert total.checked_at is None
    assert total.is_stale


def test_total_of_nothing() -> None:
    total = selectors.total([], START)
    assert (total.net_liq, total.pl_day_percent, total.link_state, total.is_stale) == (
        None,
        None,
        "none",
        True,
    )
    assert total.missing["net_liq"] == total.missing["pl_day_percent"] == "There is no account yet."


def test_status_never_read_then_good_then_review(owner: User) -> None:
    one = account(owner)
    assert selectors.account_status([one], START).state == "unknown"
    apply(one, 1)
    good = selectors.account_status([one], START)
    assert (good.state, good.text, good.reasons) == ("ok_to_trade", "OK to trade", [])
    apply(one, 2, restrictions=["reg_t_call"], balances=Balances(option_buying_power=Decimal("-0.01")))
    review = selectors.account_status([one], START)
    assert review.state == "review_required"
    assert review.reasons == [
        "Margin …4321: there is a Regulation T call.",
        "Margin …4321: option buying power is negative (−$0.01).",
    ]


def test_status_with_an_ended_sign_in(owner: User) -> None:
    one = account(owner)
    apply(one, 1)
    services.set_link_state([one], "reauth_required")
    one.refresh_from_db()
    assert selectors.account_status([one], START).state == "review_required"
    assert selectors.account_status([], START).state == "unknown"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("maintenance_call:1234.5", "there is a maintenance call of $1,234.50"),
        ("day_trading_equity_call:-900", "there is a day-trading equity call of $900.00"),
        ("cash_debit_call:0.5", "there is a cash debit call of $0.50"),
        ("closing_only", "only closing orders are allowed"),
        ("new_thing:7", "the broker reports new thing of $7.00"),
        ("in_call:many", "the account is in call"),
    ],
)
def test_a_call_is_told_with_its_amount(owner: User, code: str, words: str) -> None:
    one = account(owner)
    apply(one, 1, restrictions=[code])
    assert selectors.account_status([one], START).reasons == [f"Margin …4321: {words}."]


def test_a_sign_in_that_ends_within_hours_asks_for_a_look(owner: User) -> None:
    one = account(owner)
    apply(one, 1)
    assert services.set_link_end([one], START) == 1
    assert services.set_link_end([one.pk], START) == 0
    one.refresh_from_db()
    for before, reason in (
        (timedelta(hours=13), None),
        (timedelta(hours=11), "the sign-in at the broker ends on Friday, November 20 at 10:00 Eastern"),
        (timedelta(0), "the sign-in at the broker has ended, so nothing newer can be read"),
    ):
        found = selectors.account_status([one], START - before)
        assert found.reasons == ([f"Margin …4321: {reason}."] if reason else [])
        assert found.state == ("review_required" if reason else "ok_to_trade")
    services.set_link_state([one], "none")
    one.refresh_from_db()
    assert selectors.account_status([one], START).state == "ok_to_trade"


def test_nobody_reads_anothers_account(owner: User) -> None:
    one = account(owner)
    boss = trader("boss", is_superuser=True, is_staff=True)
    assert list(selectors.accounts_of(boss)) == []
    with pytest.raises(selectors.AccountNotFound):
        selectors.account_of(boss, one.pk)
    assert selectors.account_of(owner, one.pk) == one
