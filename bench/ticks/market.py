"""An invented market for the bench of ticks: accounts, their rows, and the same arithmetic in plain dicts."""

import random
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import msgspec

from actandpos.models import Account
from actandpos.plain import plain
from actandpos.shown import PositionFigures
from livedata.quotes import Board, Quote
from livedata.schwab.marks.book import BALANCES, Book
from livedata.schwab.marks.desk import Desk
from livedata.schwab.marks.holdings import KEYS

MONEY, PRICE, HUNDRED = Decimal("0.0001"), Decimal("0.00000001"), Decimal(100)
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
Row = dict[str, Any]
_encoder = msgspec.json.Encoder()


class Market:
    """Desk and board, the same book as plain dicts, and what a browser would show."""

    def __init__(self) -> None:
        self.board = Board()
        self.desk = Desk(self.board)
        self.marks: dict[str, Decimal] = {}
        self.plain: list[tuple[Row, list[Row]]] = []
        self.rows: dict[int, Row] = {}
        self.balances: dict[int, Row] = {}
        self._chance = random.Random(11)  # noqa: S311 (prices are no secrets)

    def tick(self, turn: int) -> set[str]:
        """Move every symbol; return which moved."""
        for symbol in self.marks:
            mark = self.marks[symbol] = Decimal(self._chance.randint(1000, 99999)).scaleb(-2)
            moved = NOW.replace(minute=turn)
            self.board.put(
                Quote(symbol=symbol, mark=mark, quote_time=moved, source="stream", received_at=moved)
            )
        changed, _ = self.board.take_changed()
        return changed

    def hear(self, message: Row) -> None:
        """Show a message as a browser does: changed keys over what was there."""
        for row in message["rows"]:
            self.rows[row["id"]].update(row)
        self.balances[message["account_id"]].update(message["balances"])

    def shown(self) -> tuple[dict[int, str], dict[int, str]]:
        """Return the market value of every row and the net liq of every account as they are shown."""
        values = {pk: row["market_value"] for pk, row in self.rows.items()}
        return values, {pk: balances["net_liq"] for pk, balances in self.balances.items()}


def make_market(*, accounts: int, rows: int, symbols: int) -> Market:
    """Return a market in which every account holds so many of the symbols."""
    market, chance = Market(), random.Random(3)  # noqa: S311 (the same)
    market.marks = {f"S{each}": Decimal(100) for each in range(symbols)}
    for symbol in market.marks:
        market.board.hold("bench", symbol)
    for account in range(1, accounts + 1):
        held = chance.sample(sorted(market.marks), rows)
        views = [_view(account, account * 1000 + place, symbol, chance) for place, symbol in enumerate(held)]
        figures: Row = {name: Decimal(1_000_000) for name in BALANCES}
        market.desk.put(
            Book(Account(pk=account, owner_id=1, version=1, account_type="MARGIN", **figures), views)
        )
        market.plain.append(({"id": account, **figures}, [_dict(view) for view in views]))
        market.rows |= {
            view.id: {"id": view.id, **{key: plain(getattr(view, key)) for key in KEYS}} for view in views
        }
        market.balances[account] = {name: plain(value) for name, value in figures.items()}
    return market


def _view(account: int, pk: int, symbol: str, chance: random.Random) -> PositionFigures:
    """Return a long or short row whose figures belong together."""
    quantity = Decimal(chance.choice([-1, 1]) * chance.randint(1, 999))
    value, cost = quantity * 100, quantity * 90
    return PositionFigures(
        id=pk, account_id=account, symbol=symbol, underlying=symbol, asset_type="EQ", quantity=quantity,
        multiplier=Decimal(1), mark_price=Decimal(100), mark_change=Decimal("0.5"), market_value=value,
        cost_basis=cost, pl_open=value - cost, pl_open_percent=Decimal("11.1111"), pl_day=quantity / 2,
        pl_day_percent=Decimal("0.5"),
    )  # fmt: skip


def _dict(view: PositionFigures) -> Row:
    """Return a row as a plain loop wants it."""
    row = msgspec.structs.asdict(view)
    base = (
        abs(view.market_value - view.pl_day)
        if view.market_value is not None and view.pl_day is not None
        else None
    )
    return row | {"base": base, "cost": abs(view.cost_basis or 0)}


def _money(value: Decimal) -> str | None:
    return plain(value.quantize(MONEY, ROUND_HALF_EVEN))


def floor_flush(market: Market) -> list[bytes]:
    """Compute every figure of every row and account and write a message for each: no state, no comparison."""
    said, marks = [], market.marks
    for account, held in market.plain:
        rows = []
        total = long = short = Decimal(0)
        for row in held:
            mark = marks[row["symbol"]]
            value = mark * (row["quantity"] * row["multiplier"])
            delta = value - row["market_value"]
            opened, today = row["pl_open"] + delta, row["pl_day"] + delta
            total += delta
            if row["quantity"] > 0:
                long += delta
            else:
                short += delta
            rows.append(
                {
                    "id": row["id"],
                    "mark_price": plain(mark.quantize(PRICE, ROUND_HALF_EVEN)),
                    "mark_change": plain((row["mark_change"] + mark - row["mark_price"]).quantize(PRICE)),
                    "market_value": _money(value),
                    "pl_open": _money(opened),
                    "pl_open_percent": _money(opened * HUNDRED / row["cost"]),
                    "pl_day": _money(today),
                    "pl_day_percent": _money(today * HUNDRED / row["base"]),
                }
            )
        said.append(_message(account, rows, total, long, short))
    return said


def _message(account: Row, rows: list[Row], total: Decimal, long: Decimal, short: Decimal) -> bytes:
    net_liq, pl_day = account["net_liq"] + total, account["pl_day"] + total
    before = net_liq - pl_day
    balances = {
        "net_liq": _money(net_liq),
        "equity": _money(account["equity"] + total),
        "long_market_value": _money(account["long_market_value"] + long),
        "short_market_value": _money(account["short_market_value"] + short),
        "pl_open": _money(account["pl_open"] + total),
        "pl_day": _money(pl_day),
        "pl_day_percent": _money(pl_day * HUNDRED / before) if before > 0 else None,
    }
    return _encoder.encode({"type": "marks", "account_id": account["id"], "rows": rows, "balances": balances})


def eager(market: Market) -> tuple[dict[int, str | None], dict[int, str | None]]:
    """Return market values and net liqs computed from Schwab's figures and the last marks alone."""
    values: dict[int, str | None] = {}
    totals: dict[int, str | None] = {}
    for account, held in market.plain:
        now = {row["id"]: market.marks[row["symbol"]] * row["quantity"] * row["multiplier"] for row in held}
        moved = sum(now.values()) - sum(row["market_value"] for row in held)
        values |= {pk: _money(value) for pk, value in now.items()}
        totals[account["id"]] = _money(account["net_liq"] + moved)
    return values, totals
