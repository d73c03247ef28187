"""The reference's invented accounts, normalized to the cent against the design's table of fields."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from actandpos.types import Balances
from livedata.schwab.normalizers import read_accounts
from livedata.schwab.tests import payloads
from livedata.schwab.tests.readings import FRESH, SENT, figures, numbers, only, reading, rows_of

FIGURES = (
    "quantity avg_price mark_price mark_change multiplier market_value cost_basis "
    "pl_open pl_open_percent pl_day pl_day_percent"
)
TABLE = {
    "AAPL": "120 178.254 211.4 1.6 1 25368 21390.48 3977.52 18.5948 192 0.76",
    "INTC": "-200 24.1275 22.15 -0.45 1 -4430 -4825.5 395.5 8.1960 90 1.99",
    "AAPL  260918C00220000": "2 8.4566 11.15 0.45 100 2230 1691.32 538.68 31.8497 90 4.21",
    "AMD   260821P00140000": "-1 4.2133 2.86 -0.24 100 -286 -421.33 135.33 32.1197 24 7.74",
    "SPY": "25 610.024 612.34 3.24 1 15308.5 15250.6 57.9 0.3797 57.9 0.38",
    "ZZIDX": "310.455 14.2203 16.85001047 - 1 5231.17 4414.7632 816.41 18.4927 0 0",
    "ZZMMF": "8250.12 1 1 - 1 8250.12 8250.12 0 0 0 0",
    "SCHD": "400 27.115 28.04 0.08 1 11216 10846 370 3.4114 32 0.29",
    "MSFT": "12.5 402.3312 471.24 -1.86 1 5890.5 5029.14 861.36 17.1274 -23.25 -0.39",
}
WORDS = {
    "AAPL": ("AAPL", None, "EQ", "EQUITY"),
    "INTC": ("INTC", None, "EQ", "EQUITY"),
    "AAPL  260918C00220000": ("AAPL", "APPLE INC 09/18/2026 $220 Call", "OPT", "OPTION"),
    "AMD   260821P00140000": ("AMD", "ADVANCED MICRO DEVICES 08/21/2026 $140 Put", "OPT", "OPTION"),
    "SPY": ("SPY", "STATE STREET SPDR S&P 500 ETF", "ETF", "COLLECTIVE_INVESTMENT"),
    "ZZIDX": ("ZZIDX", "FICTIONAL INDEX FUND SELECT SHARES", "MF", "MUTUAL_FUND"),
    "ZZMMF": ("ZZMMF", "FICTIONAL PRIME MONEY FUND INVESTOR", "MF", "MUTUAL_FUND"),
    "SCHD": ("SCHD", "SCHWAB US DIVIDEND EQUITY ETF", "ETF", "COLLECTIVE_INVESTMENT"),
    "MSFT": ("MSFT", None, "EQ", "EQUITY"),
}
CONTRACTS = {
    "AAPL  260918C00220000": ("CALL", Decimal(220), date(2026, 9, 18)),
    "AMD   260821P00140000": ("PUT", Decimal(140), date(2026, 8, 21)),
}


@pytest.mark.parametrize("symbol", TABLE)
def test_every_position_of_the_reference(symbol: str) -> None:
    row = (rows_of(payloads.cash_account()) | rows_of(payloads.margin_account()))[symbol]
    assert figures(row, FIGURES) == numbers(TABLE[symbol])
    assert (row.underlying, row.description, row.asset_type, row.broker_asset_type) == WORDS[symbol]
    assert (row.put_call, row.strike, row.expiration) == CONTRACTS.get(symbol, (None, None, None))
    nulls = {name for name in (*FIGURES.split(), "description") if getattr(row, name) is None}
    assert set(row.missing) == nulls
    assert all(row.missing.values())


def test_figures_have_their_stored_scale() -> None:
    row = rows_of(payloads.margin_account())["ZZIDX"]
    assert str(row.market_value) == "5231.1700"
    assert str(row.mark_price) == "16.85001047"
    assert str(row.quantity) == "310.455000"


def test_balances_of_a_margin_account() -> None:
    snapshot = reading(payloads.margin_account()).snapshot
    assert snapshot.account_type == "MARGIN"
    assert snapshot.balances == Balances(
        net_liq=Decimal("69342.96"),
        cash=Decimal("12845.67"),
        margin_balance=Decimal(0),
        short_balance=Decimal("4825.5"),
        equity=Decimal("67398.96"),
        stock_buying_power=Decimal("62500.8"),
        option_buying_power=Decimal("31250.4"),
        day_trading_buying_power=Decimal(118742),
        maintenance_requirement=Decimal("20026.34"),
        long_market_value=Decimal("40676.5"),
        short_market_value=Decimal(-4430),
        missing={},
    )
    assert snapshot.restrictions == []
    assert (snapshot.observed_at, snapshot.fresh_until) == (SENT, FRESH)


def test_balances_of_a_cash_account_have_no_margin_figures() -> None:
    snapshot = reading(payloads.cash_account()).snapshot
    balances = snapshot.balances
    cash = Decimal("4210.35")
    assert snapshot.account_type == "CASH"
    assert (balances.net_liq, balances.equity) == (Decimal("24316.85"), Decimal("24316.85"))
    assert (balances.cash, balances.stock_buying_power, balances.option_buying_power) == (cash, cash, cash)
    assert (balances.long_market_value, balances.short_market_value) == (Decimal("17106.5"), Decimal(0))
    margin_only = {
        "margin_balance",
        "short_balance",
        "day_trading_buying_power",
        "maintenance_requirement",
    }
    assert {getattr(balances, name) for name in margin_only} == {None}
    assert set(balances.missing) == margin_only


def test_margin_figures_are_not_taken_from_a_cash_account_that_sends_them() -> None:
    current = payloads.CASH_CURRENT | {"marginBalance": -1.0, "maintenanceRequirement": 5.0, "equity": 1.0}
    account = payloads.changed(payloads.cash_account(), ("securitiesAccount", "currentBalances"), current)
    balances = reading(account).snapshot.balances
    assert (balances.margin_balance, balances.maintenance_requirement) == (None, None)
    assert balances.equity == Decimal("24316.85")


def test_a_loan_stays_negative_and_option_power_has_a_second_source() -> None:
    current = payloads.without(payloads.MARGIN_CURRENT, ("buyingPowerNonMarginableTrade",))
    current |= {"marginBalance": -1346.8, "availableFundsNonMarginableTrade": 77.25}
    account = payloads.changed(payloads.margin_account(), ("securitiesAccount", "currentBalances"), current)
    balances = reading(account).snapshot.balances
    assert balances.margin_balance == Decimal("-1346.8")
    assert balances.option_buying_power == Decimal("77.25")


@pytest.mark.parametrize("gone", ["missing", "null"])
def test_every_balance_may_be_absent_and_says_so(gone: str) -> None:
    current = {} if gone == "missing" else dict.fromkeys(payloads.MARGIN_CURRENT)
    account = payloads.changed(payloads.margin_account(), ("securitiesAccount", "currentBalances"), current)
    balances = msgspec.structs.asdict(reading(account).snapshot.balances)
    missing = balances.pop("missing")
    assert set(balances.values()) == {None}
    assert set(missing) == set(balances)
    assert missing["stock_buying_power"] == "Schwab did not send buyingPower."


@pytest.mark.parametrize("account", [payloads.margin_account(), payloads.cash_account()])
def test_positions_and_balances_reconcile(account: Any) -> None:
    account["securitiesAccount"]["positions"].append(payloads.SWEEP)
    snapshot = reading(account).snapshot
    balances = snapshot.balances
    held = sum(row.market_value or 0 for row in snapshot.positions if row.asset_type != "CASH")
    beside = (balances.cash or 0) + (balances.margin_balance or 0) + (balances.short_balance or 0)
    assert balances.net_liq is not None
    assert held == balances.net_liq - beside
    assert any(row.asset_type == "CASH" for row in snapshot.positions)


def test_an_account_without_positions_holds_nothing() -> None:
    for account in (
        payloads.without(payloads.margin_account(), ("securitiesAccount", "positions")),
        payloads.changed(payloads.margin_account(), ("securitiesAccount", "positions"), None),
    ):
        assert reading(account).snapshot.positions == []


def test_all_accounts_come_in_one_list() -> None:
    body = payloads.encode([payloads.margin_account(), payloads.cash_account()])
    read = read_accounts(body, SENT, FRESH)
    assert [each.number for each in read] == [payloads.MARGIN_NUMBER, payloads.CASH_NUMBER]


def test_equal_rows_have_equal_digests_and_different_rows_different_ones() -> None:
    once, again = (rows_of(payloads.margin_account()) for _ in range(2))
    moved = only(payloads.changed(payloads.AAPL, ("marketValue",), 25369.0))
    assert {row.digest for row in once.values()} == {row.digest for row in again.values()}
    assert len({row.digest for row in once.values()} | {moved.digest}) == len(once) + 1


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("isClosingOnlyRestricted",), True, "closing_only"),
        (("currentBalances", "maintenanceCall"), 12.5, "maintenance_call:12.5"),
        (("currentBalances", "maintenanceCall"), 1e300, "maintenance_call"),
        (("currentBalances", "regTCall"), 1.0, "reg_t_call:1"),
        (("currentBalances", "cashCall"), 1.0, "cash_call:1"),
        (("currentBalances", "cashDebitCallValue"), 250.75, "cash_debit_call:250.75"),
        (("projectedBalances", "dayTradingBuyingPowerCall"), 1.0, "day_trading_call:1"),
        (("initialBalances", "dayTradingEquityCall"), 900.0, "day_trading_equity_call:900"),
        (("projectedBalances", "isInCall"), True, "in_call"),
        (("projectedBalances", "isInCall"), 1, "in_call"),
    ],
)
def test_restrictions_that_ask_for_a_review(path: tuple[str, ...], value: object, code: str) -> None:
    account = payloads.changed(payloads.margin_account(), ("securitiesAccount", *path), value)
    assert reading(account).snapshot.restrictions == [code]


def test_a_cash_account_tells_of_a_call_in_its_initial_balances() -> None:
    account = payloads.changed(
        payloads.cash_account(), ("securitiesAccount", "initialBalances", "isInCall"), True
    )
    assert reading(account).snapshot.restrictions == ["in_call"]
    over = payloads.changed(
        payloads.margin_account(), ("securitiesAccount", "initialBalances", "isInCall"), True
    )
    over = payloads.changed(over, ("securitiesAccount", "projectedBalances", "isInCall"), False)
    assert reading(over).snapshot.restrictions == []
