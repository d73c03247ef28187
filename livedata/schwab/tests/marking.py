"""A book of a few rows, and a market that moves it."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from actandpos.models import Account
from actandpos.shown import PositionFigures
from livedata.quotes import Board, Quote
from livedata.schwab.marks.book import Book, Message
from livedata.schwab.marks.desk import Desk

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
OBSERVED = NOW - timedelta(seconds=5)
CALL = "AAPL  261218C00220000"


def view(id: int, symbol: str = "AAPL", **changes: Any) -> PositionFigures:
    """Return ten shares bought at 90, worth 100 each, up 5 dollars today."""
    fields: dict[str, Any] = {
        "id": id, "account_id": 7, "symbol": symbol, "underlying": "AAPL", "asset_type": "EQ",
        "quantity": Decimal(10), "multiplier": Decimal(1), "mark_price": Decimal(100), "mark_change": Decimal("0.5"),
        "market_value": Decimal(1000), "cost_basis": Decimal(900), "pl_open": Decimal(100),
        "pl_open_percent": Decimal("11.1111"), "pl_day": Decimal(5), "pl_day_percent": Decimal("0.5025"),
    }  # fmt: skip
    return PositionFigures(**fields | changes)


SHORT_CALL: dict[str, Any] = {
    "symbol": CALL, "asset_type": "OPT", "quantity": Decimal(-2), "multiplier": Decimal(100),
    "mark_price": Decimal("2.5"), "market_value": Decimal(-500), "cost_basis": Decimal(-600), "pl_open": Decimal(100),
    "pl_open_percent": Decimal("16.6667"), "pl_day": Decimal(-40), "pl_day_percent": Decimal("-8.6957"),
}  # fmt: skip


def book(*rows: PositionFigures, **changes: Any) -> Book:
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

    def quote(self, symbol: str, mark: str | None, *, held: bool = True, **changes: Any) -> None:
        """Let a quote come, of now unless told otherwise."""
        price = None if mark is None else Decimal(mark)
        if held:
            self.board.hold("stream", symbol)
        times: dict[str, Any] = {"quote_time": NOW, "received_at": NOW}
        self.board.put(Quote(symbol=symbol, mark=price, source="stream", **times | changes))

    def flush(self) -> list[Message]:
        """Flush."""
        changed, renewed = self.board.take_changed()
        return self.desk.flush(changed | renewed, NOW)

    def said(self) -> dict[str, Any]:
        """Flush; return the one message."""
        (message,) = self.flush()
        return dict(json.loads(message.text))
