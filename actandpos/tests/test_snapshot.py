"""What `apply_snapshot` writes, refuses and returns."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from actandpos import selectors, services
from actandpos.models import Account, Position, RejectedRow
from actandpos.services.limits import TOO_LONG
from actandpos.tests.book import START, account, apply, option, row, snapshot, trader
from actandpos.types import Balances, RemovedKey
from actandpos.types import RejectedRow as RejectedValue

pytestmark = pytest.mark.django_db


@pytest.fixture
def margin() -> Account:
    """An account without positions."""
    return account(trader())


def symbols(of: Account) -> set[str]:
    """Return what the account holds."""
    return set(Position.objects.filter(account=of).values_list("symbol", flat=True))


def test_first_answer_is_stored_as_it_came(margin: Account) -> None:
    call = option(
        "XYZ   261218C00220000", date(2026, 12, 18), quantity=Decimal("-2.000000"), missing={"pl_day": "no"}
    )
    change = apply(margin, 1, row("AAA"), call)
    assert (change.outcome, change.base_version, change.version, change.rows_written) == ("applied", 0, 1, 2)
    assert change.balances_changed
    stored = Position.objects.get(symbol=call.symbol)
    assert change.changed_ids == [Position.objects.get(symbol="AAA").pk, stored.pk]
    for name in call.__struct_fields__:
        assert getattr(stored, name) == getattr(call, name), name
    assert stored.as_of == margin.as_of == margin.checked_at == START + timedelta(seconds=1)
    assert margin.fresh_until == START + timedelta(seconds=46)


def test_equal_answer_writes_nothing_but_the_time(margin: Account) -> None:
    apply(margin, 1, row("AAA"))
    change = apply(margin, 2, row("AAA"))
    assert (change.outcome, change.version, change.rows_written) == ("unchanged", 1, 0)
    assert margin.as_of == START + timedelta(seconds=1)
    assert margin.checked_at == margin.observed_at == START + timedelta(seconds=2)


def test_one_changed_row_writes_one_row_and_keeps_ids(margin: Account) -> None:
    rows = [row(f"S{number}") for number in range(5)]
    apply(margin, 1, *rows)
    before = dict(Position.objects.values_list("symbol", "id"))
    rows[3] = row("S3", "1001")
    change = apply(margin, 2, *rows)
    assert (change.rows_written, change.changed_ids) == (1, [before["S3"]])
    assert dict(Position.objects.values_list("symbol", "id")) == before
    moved = START + timedelta(seconds=2)
    assert set(Position.objects.filter(as_of=moved).values_list("symbol", flat=True)) == {"S3"}


def test_balances_alone_change_the_version_but_no_row(margin: Account) -> None:
    apply(margin, 1, row("AAA"))
    change = apply(
        margin, 2, row("AAA"), balances=Balances(net_liq=Decimal("1501.25"), cash=Decimal("501.25"))
    )
    assert (change.outcome, change.version, change.balances_changed) == ("applied", 2, True)
    assert (change.changed_ids, change.rows_written) == ([], 0)
    assert margin.net_liq == Decimal("1501.25")


def test_closed_rows_leave(margin: Account) -> None:
    apply(margin, 1, row("AAA"), row("BBB"))
    gone = Position.objects.get(symbol="BBB")
    change = apply(margin, 2, row("AAA"))
    assert change.removed == [RemovedKey(id=gone.pk, symbol="BBB", asset_type="EQ")]
    assert (change.outcome, symbols(margin)) == ("applied", {"AAA"})


def test_same_symbol_of_two_kinds_is_two_rows(margin: Account) -> None:
    apply(margin, 1, row("AAA"), row("AAA", asset_type="ETF"))
    apply(margin, 2, row("AAA", asset_type="ETF"))
    assert list(Position.objects.values_list("symbol", "asset_type")) == [("AAA", "ETF")]


@pytest.mark.parametrize("seconds", [5, 4])
def test_older_answer_changes_nothing(margin: Account, seconds: int) -> None:
    apply(margin, 5, row("AAA"))
    before = Account.objects.filter(pk=margin.pk).values().get()
    change = apply(margin, seconds, row("BBB"))
    assert (change.outcome, change.base_version, change.version) == ("older", 1, 1)
    assert Account.objects.filter(pk=margin.pk).values().get() == before
    assert symbols(margin) == {"AAA"}


def test_accounts_do_not_touch_each_other(margin: Account) -> None:
    other = account(margin.owner, "Cash …8765", "two")
    apply(margin, 1, row("AAA"))
    apply(other, 1, row("AAA", "7"))
    apply(other, 2)
    assert symbols(margin) == {"AAA"}
    assert symbols(other) == set()


def test_two_answers_in_one_transaction(margin: Account) -> None:
    other = account(margin.owner, "Cash …8765", "two")
    with transaction.atomic():
        apply(margin, 1, row("AAA"))
        apply(other, 1, row("BBB"))
        apply(margin, 2, row("AAA", "1001"))
    assert (symbols(margin), symbols(other)) == ({"AAA"}, {"BBB"})
    assert Position.objects.get(symbol="AAA").market_value == 1001


def test_a_callers_rollback_takes_everything_back(margin: Account) -> None:
    apply(margin, 1, row("AAA"))
    with transaction.atomic():
        apply(margin, 2, row("BBB"))
        transaction.set_rollback(True)
    margin.refresh_from_db()
    assert (symbols(margin), margin.version) == ({"AAA"}, 1)


def _queries(margin: Account, at: int, *rows: object, **changes: object) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        services.apply_snapshot(margin, snapshot(at, *rows, **changes))  # type: ignore[arg-type]
    return len(captured)


@pytest.mark.parametrize(("few", "many"), [(10, 1000)])
def test_queries_do_not_grow_with_the_rows(margin: Account, few: int, many: int) -> None:
    other = account(margin.owner, "Cash …8765", "two")
    unreadable = [RejectedValue(symbol=f"R{number}", reason="odd") for number in range(many)]
    counts = []
    for book, size in ((margin, few), (other, many)):
        new = _queries(book, 1, *[row(f"S{number}") for number in range(size)])
        changed = _queries(book, 2, *[row(f"S{number}", "1001") for number in range(size)])
        equal = _queries(book, 3, *[row(f"S{number}", "1001") for number in range(size)])
        closed = _queries(book, 4, row("S0", "1001"), rejected=unreadable[:size])
        again = _queries(book, 5, row("S0", "1001"), rejected=unreadable[:size])
        counts.append((new, changed, equal, closed, again))
        assert Position.objects.filter(account=book).count() == 1
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 13


def test_special_characters_survive(margin: Account) -> None:
    odd: dict[str, Any] = {
        "description": "A\tB\nC\\N \"q\" 'q' é✓\r\\.",
        "missing": {"pl_day": 'so\t"it"\\n is'},
    }
    apply(margin, 1, row("AAA"), row("B\\S", **odd), row("C'D"))
    stored = Position.objects.get(symbol="B\\S")
    assert stored.description == odd["description"]
    assert stored.missing == odd["missing"]
    assert symbols(margin) == {"AAA", "B\\S", "C'D"}


def test_fifteen_digits_are_kept_exactly(margin: Account) -> None:
    widest: dict[str, Any] = {
        "quantity": Decimal("-999999999.999999"),
        "avg_price": Decimal("9999999.99999999"),
        "mark_price": Decimal("1234567.12345678"),
        "market_value": Decimal("99999999999.9999"),
        "cost_basis": Decimal("-12345678901.2345"),
        "pl_day": Decimal("0.0001"),
    }
    value = str(widest.pop("market_value"))
    balances = Balances(net_liq=Decimal("12345678901.2345"))
    apply(margin, 1, row("AAA", value, **widest), balances=balances)
    widest["market_value"] = Decimal(value)
    stored = Position.objects.get(symbol="AAA")
    assert {name: getattr(stored, name) for name in widest} == widest
    assert margin.net_liq == Decimal("12345678901.2345")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("quantity", "1000000000"),
        ("avg_price", "10000000"),
        ("cost_basis", "-100000000000"),
        ("strike", "1E+7"),
        ("pl_day", "NaN"),
        ("pl_open", "Infinity"),
    ],
)
def test_longer_numbers_are_refused_with_a_reason(margin: Account, name: str, value: str) -> None:
    apply(margin, 1, row("AAA"), row("BBB"))
    unfit: dict[str, Any] = {name: Decimal(value)}
    change = apply(margin, 2, row("AAA", **unfit), row("BBB", "1001"))
    assert change.rows_written == 1
    assert getattr(Position.objects.get(symbol="AAA"), name) == getattr(row("AAA"), name)
    refused = RejectedRow.objects.get()
    assert (refused.symbol, refused.reason) == ("AAA", TOO_LONG)


def test_longer_balance_is_null_with_a_reason(margin: Account) -> None:
    apply(
        margin,
        1,
        balances=Balances(net_liq=Decimal("100000000000"), cash=Decimal(1), missing={"equity": "none"}),
    )
    assert margin.net_liq is None
    assert margin.missing["net_liq"] == TOO_LONG
    assert margin.missing["equity"] == "none"
    assert margin.cash == 1


def test_restrictions_and_account_type_count_as_a_change(margin: Account) -> None:
    apply(margin, 1)
    assert apply(margin, 2, restrictions=["closing_only"]).balances_changed
    assert margin.restrictions == ["closing_only"]
    assert apply(margin, 3, account_type="CASH").version == 3
    assert margin.account_type == "CASH"


def test_stored_digests(margin: Account) -> None:
    rows = [row("AAA"), row("BBB", asset_type="ETF")]
    apply(margin, 1, *rows)
    assert selectors.stored_digests(margin) == {each.key: each.digest for each in rows}


def test_readers_give_numbers_as_they_were_written(margin: Account) -> None:
    long = row(
        "AAA", "12345678901.2345", mark_price=Decimal("1234567.12345678"), mark_change=None, pl_open=None
    )
    thin = row("BBB", "-0.0001", quantity=Decimal("0.000001"), pl_day=Decimal("-12.3"))
    apply(margin, 1, long, thin)
    Position.objects.filter(symbol="BBB").update(pl_day_computed=Decimal("7.5"), pl_day_percent_computed=None)
    stored = {each.symbol: each for each in Position.objects.all()}
    figures = {each.symbol: each for each in selectors.position_figures(margin)}
    for shown in selectors.position_rows([margin], date(2026, 11, 20)):
        mine, kept = figures[shown.symbol], stored[shown.symbol]
        for name in mine.__struct_fields__:
            assert getattr(mine, name) == getattr(shown, name), name
            if not name.startswith("pl_day"):
                assert getattr(shown, name) == getattr(kept, name), name
    assert figures["AAA"].mark_price == Decimal("1234567.12345678")
    assert (figures["AAA"].pl_day, figures["BBB"].pl_day) == (Decimal("5"), Decimal("7.5"))
    assert figures["BBB"].pl_day_percent is None
