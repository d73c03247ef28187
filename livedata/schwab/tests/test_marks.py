"""Marks: Schwab's last figures moved on exactly by the marks, told once, null where Schwab sent nothing."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from livedata.schwab.tests.marking import CALL, NOW, OBSERVED, SHORT_CALL, Market, book, view


def test_a_share_moves_with_its_mark() -> None:
    market = Market(book(view(1)))
    market.quote("AAPL", "101.25")
    assert market.said() == {
        "type": "marks",
        "account_id": 7,
        "version": 3,
        "seq": 1,
        "as_of": "2026-11-20T15:00:00.000Z",
        "rows": [
            {
                "id": 1,
                "mark_price": "101.25",
                "mark_change": "1.75",
                "market_value": "1012.5",
                "pl_open": "112.5",
                "pl_open_percent": "12.5",
                "pl_day": "17.5",
                "pl_day_percent": "1.7588",
            }
        ],
        "balances": {
            "net_liq": "10012.5",
            "equity": "9012.5",
            "long_market_value": "1012.5",
            "pl_open": "212.5",
            "pl_day": "-22.5",
            "pl_day_percent": "-0.2242",
        },
    }


def test_a_short_option_moves_by_its_hundred_and_against_its_mark() -> None:
    market = Market(book(view(2, **SHORT_CALL)))
    market.quote(CALL, "2.75")
    said = market.said()
    assert said["rows"] == [
        {
            "id": 2,
            "mark_price": "2.75",
            "mark_change": "0.75",
            "market_value": "-550",
            "pl_open": "50",
            "pl_open_percent": "8.3333",
            "pl_day": "-90",
            "pl_day_percent": "-19.5652",
        }
    ]
    # Schwab's equity and long market value count no options (§2.2).
    assert said["balances"] == {
        "net_liq": "9950",
        "pl_open": "150",
        "pl_day": "-85",
        "pl_day_percent": "-0.847",
    }


def test_equity_of_a_cash_account_is_its_net_liq() -> None:
    market = Market(book(view(2, **SHORT_CALL), account_type="CASH", equity=Decimal(10000)))
    market.quote(CALL, "2.75")
    assert market.said()["balances"]["equity"] == "9950"


def test_only_what_changed_is_told_and_only_once() -> None:
    market = Market(book(view(1), view(2, "MSFT")))
    market.quote("AAPL", "101")
    market.quote("MSFT", "100")
    assert [row["id"] for row in market.said()["rows"]] == [1]
    market.quote("AAPL", "101")
    assert market.flush() == []
    market.quote("MSFT", "101")
    said = market.said()
    assert (said["seq"], [row["id"] for row in said["rows"]]) == (2, [2])
    market.quote("AAPL", "100")
    row = market.said()["rows"][0]
    assert (row["market_value"], row["pl_day_percent"]) == ("1000", "0.5025")


def test_what_schwab_did_not_send_stays_null() -> None:
    nothing: dict[str, Any] = dict.fromkeys(
        ("pl_open", "pl_open_percent", "pl_day", "pl_day_percent", "cost_basis"), None
    )
    figures = dict.fromkeys(("equity", "long_market_value", "pl_open", "pl_day", "pl_day_percent"), None)
    market = Market(book(view(1, **nothing, mark_change=None), **figures))
    market.quote("AAPL", "101")
    said = market.said()
    assert said["rows"] == [{"id": 1, "mark_price": "101", "market_value": "1010"}]
    assert said["balances"] == {"net_liq": "10010"}


@pytest.mark.parametrize(
    "changes",
    [
        *({"asset_type": kind} for kind in ("MF", "FI", "CASH", "FUT", "FX", "OTHER")),
        {"quantity": Decimal(0)},
        {"market_value": None},
    ],
)
def test_rows_without_a_stream_keep_schwabs_mark(changes: dict[str, Any]) -> None:
    market = Market(book(view(1, **changes)))
    market.quote("AAPL", "101")
    assert market.flush() == []


@pytest.mark.parametrize("mark", [None, "0", "-1", "10000000"])
def test_a_mark_that_is_none_moves_nothing(mark: str | None) -> None:
    market = Market(book(view(1)))
    market.quote("AAPL", mark)
    assert market.flush() == []


def test_an_option_may_become_worthless() -> None:
    market = Market(book(view(2, **SHORT_CALL)))
    market.quote(CALL, "0")
    assert market.said()["rows"][0]["market_value"] == "0"


def test_schwabs_figures_win_over_a_quote_that_nobody_renews() -> None:
    market = Market(book(view(1)))
    market.quote("AAPL", "101", held=False, received_at=OBSERVED - timedelta(seconds=1))
    assert market.flush() == []
    market.quote("AAPL", "102", held=False, received_at=OBSERVED)
    assert market.said()["balances"]["net_liq"] == "10020"


def test_schwabs_figures_win_over_a_streamed_quote_that_has_not_moved_since() -> None:
    market = Market(book(view(1)))
    before = OBSERVED - timedelta(seconds=1)
    market.quote("AAPL", "101", quote_time=before)
    assert market.flush() == []
    market.quote("AAPL", "102", quote_time=OBSERVED)
    assert market.said()["balances"]["net_liq"] == "10020"
    market.desk.put(book(view(1), version=4, observed_at=OBSERVED + timedelta(seconds=2)))
    assert market.flush() == []


def test_a_market_whose_clock_is_behind_still_moves_the_figures() -> None:
    market = Market(book(view(1)))
    long_ago = NOW - timedelta(days=2)
    market.quote("AAPL", "101", quote_time=long_ago, moved_at=OBSERVED - timedelta(seconds=1))
    assert market.flush() == []
    market.quote("AAPL", "102", quote_time=long_ago, moved_at=OBSERVED)
    assert market.said()["balances"]["net_liq"] == "10020"
