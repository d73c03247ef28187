"""Marks: Schwab's last figures moved on exactly by the marks, told once, spelled as the book spells them."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest

from actandpos.models import Account
from actandpos.plain import plain
from actandpos.shown import PositionView
from livedata import lastmarks
from livedata.quotes import Board, Quote
from livedata.schwab.marks.book import Book, Message
from livedata.schwab.marks.desk import Desk

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
OBSERVED = NOW - timedelta(seconds=5)
CALL = "AAPL  261218C00220000"


def view(id: int, symbol: str = "AAPL", **changes: Any) -> PositionView:
    """Return ten shares bought at 90, worth 100 each, up 5 dollars today."""
    fields: dict[str, Any] = {
        "id": id, "account_id": 7, "symbol": symbol, "underlying": "AAPL", "description": None, "asset_type": "EQ",
        "broker_asset_type": "EQUITY", "quantity": Decimal(10), "avg_price": Decimal(90),
        "mark_price": Decimal(100), "mark_change": Decimal("0.5"), "multiplier": Decimal(1),
        "market_value": Decimal(1000), "cost_basis": Decimal(900), "net_liq_percent": None, "pl_open": Decimal(100),
        "pl_open_percent": Decimal("11.1111"), "pl_day": Decimal(5), "pl_day_percent": Decimal("0.5025"),
        "put_call": None, "strike": None, "expiration": None, "days_to_expiration": None, "as_of": NOW, "missing": {},
    }  # fmt: skip
    return PositionView(**fields | changes)


SHORT_CALL: dict[str, Any] = {
    "symbol": CALL, "asset_type": "OPT", "quantity": Decimal(-2), "multiplier": Decimal(100),
    "mark_price": Decimal("2.5"), "market_value": Decimal(-500), "cost_basis": Decimal(-600), "pl_open": Decimal(100),
    "pl_open_percent": Decimal("16.6667"), "pl_day": Decimal(-40), "pl_day_percent": Decimal("-8.6957"),
    "expiration": date(2026, 12, 18),
}  # fmt: skip


def book(*rows: PositionView, **changes: Any) -> Book:
    """Return account 7 with 10,000 dollars of net liq at version 3."""
    figures: dict[str, Any] = {
        "net_liq": Decimal(10000), "equity": Decimal(9000), "long_market_value": Decimal(1000),
        "short_market_value": Decimal(0), "pl_open": Decimal(200), "pl_day": Decimal(-35),
        "pl_day_percent": Decimal("-0.3488"), "observed_at": OBSERVED, "version": 3, "account_type": "MARGIN",
    }  # fmt: skip
    return Book(Account(pk=7, owner_id=1, **figures | changes), rows)


class Market:
    """A desk whose symbols are all held by a living stream unless told otherwise."""

    def __init__(self, *books: Book) -> None:
        self.board = Board()
        self.desk = Desk(self.board)
        for each in books:
            self.desk.put(each)

    def quote(self, symbol: str, mark: str | None, *, held: bool = True, received_at: datetime = NOW) -> None:
        """Let a quote come."""
        price = None if mark is None else Decimal(mark)
        if held:
            self.board.hold("stream", symbol)
        self.board.put(
            Quote(symbol=symbol, mark=price, quote_time=NOW, source="stream", received_at=received_at)
        )

    def flush(self) -> list[Message]:
        """Flush."""
        changed, renewed = self.board.take_changed()
        return self.desk.flush(changed | renewed, NOW)

    def said(self) -> dict[str, Any]:
        """Flush; return the one message."""
        (message,) = self.flush()
        return dict(json.loads(message.text))


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


def test_nothing_is_said_of_a_book_that_moved_on_until_it_was_read_again() -> None:
    market = Market(book(view(1)))
    assert not market.desk.moved_on(7, 3)
    assert market.desk.moved_on(7, 4)
    market.quote("AAPL", "101")
    assert market.flush() == []
    market.desk.put(
        book(view(1, market_value=Decimal(1005)), version=4, net_liq=Decimal(10005), observed_at=NOW)
    )
    said = market.said()
    assert (said["version"], said["seq"], said["balances"]["net_liq"]) == (4, 1, "10010")


def test_an_account_that_is_dropped_is_told_no_more() -> None:
    market = Market(book(view(1)))
    market.desk.drop(7)
    market.quote("AAPL", "101")
    assert (market.flush(), market.desk.books) == ([], {})


def kept(messages: list[Message]) -> dict[bytes, bytes]:
    """Return what the hash holds after messages."""
    return {name.encode(): text for message in messages for name, text in message.fields.items()}


def test_what_is_kept_says_all_at_once_what_the_messages_said() -> None:
    market = Market(book(view(1), view(2, "MSFT")))
    messages = []
    for symbol, mark in (("AAPL", "101"), ("MSFT", "99"), ("AAPL", "102")):
        market.quote(symbol, mark)
        messages += market.flush()
    text = lastmarks.message_of(7, kept(messages))
    assert text is not None
    whole = json.loads(text)
    rows = {row["id"]: row for row in whole["rows"]}
    assert (whole["type"], whole["account_id"], whole["version"], whole["seq"]) == ("marks", 7, 3, 3)
    assert {pk: row["market_value"] for pk, row in rows.items()} == {1: "1020", 2: "990"}
    assert whole["balances"]["net_liq"] == "10010"
    assert lastmarks.message_of(7, {}) is None


def test_another_process_goes_on_where_the_first_stopped() -> None:
    first = Market(book(view(1)))
    first.quote("AAPL", "101")
    lies = kept(first.flush())
    later = book(view(1))
    assert Desk.take_over(later, lies)
    second = Market(later)
    assert second.flush() == []  # what is shown stays until a mark comes
    second.quote("AAPL", "100")  # Schwab's own mark: the browsers show 101
    said = second.said()
    assert (said["seq"], said["rows"][0]["market_value"]) == (2, "1000")
    assert said["balances"]["net_liq"] == "10000"
    assert not book(view(1), version=4).take_over(lies)


def test_after_a_loss_the_whole_is_said_again() -> None:
    market = Market(book(view(1), view(2, "MSFT")))
    assert market.desk.books[7].whole(NOW) is None
    market.quote("AAPL", "101")
    market.flush()
    message = market.desk.books[7].whole(NOW)
    assert message is not None
    said = json.loads(message.text)
    assert (said["seq"], [row["id"] for row in said["rows"]]) == (2, [1])
    assert set(message.fields) == {"head", "1"}


def _eager(rows: list[PositionView], marks: dict[str, Decimal]) -> tuple[dict[int, str | None], str | None]:
    """Recompute market values and net liq from nothing but Schwab's figures and the last marks."""
    values, net_liq = {}, Decimal(10000)
    for row in rows:
        value = marks[row.symbol] * row.quantity * row.multiplier
        values[row.id] = plain(value.quantize(Decimal("0.0001"), ROUND_HALF_EVEN))
        net_liq += value - (row.market_value or 0)
    return values, plain(net_liq.quantize(Decimal("0.0001"), ROUND_HALF_EVEN))


@pytest.mark.parametrize("seed", range(5))
def test_thousands_of_ticks_end_where_an_eager_recomputation_ends(seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        view(
            pk,
            f"S{pk % 7}",
            quantity=Decimal(chance.randint(-99999, 99999) or 1).scaleb(-3),
            market_value=Decimal(chance.randint(-(10**9), 10**9)).scaleb(-4),
        )
        for pk in range(1, 30)
    ]
    market, shown, balances = Market(book(*rows)), {}, {}
    marks: dict[str, Decimal] = {}
    for _ in range(300):
        for symbol in chance.sample([f"S{each}" for each in range(7)], 3):
            marks[symbol] = Decimal(chance.randint(1, 10**12)).scaleb(-6)
            market.quote(symbol, str(marks[symbol]))
        for message in market.flush():
            said = json.loads(message.text)
            shown.update({row["id"]: row["market_value"] for row in said["rows"] if "market_value" in row})
            balances.update(said["balances"])
    assert (shown, balances["net_liq"]) == _eager(rows, marks)
