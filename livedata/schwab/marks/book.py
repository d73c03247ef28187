"""One account between two syncs: its rows that can be marked, and its figures moved on by their marks."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from actandpos.models import Account
from actandpos.plain import instant, plain
from actandpos.shown import PositionFigures
from livedata.lastmarks import HEAD
from livedata.schwab.marks.holdings import (
    HUNDRED,
    KEYS,
    LONG,
    OPTION,
    SHORT_SOLD,
    WITHOUT_DAY,
    WITHOUT_OPEN,
    ZERO,
    Holding,
    Texts,
    money,
)

BALANCES = (
    *("net_liq", "equity", "long_market_value", "short_market_value"),
    *("pl_open", "pl_day", "pl_day_percent"),
)
_encoder = msgspec.json.Encoder()


class Message(Struct):
    """What one flush says of one account: the message, and the fields of the kept hash that it renews."""

    account_id: int
    text: bytes
    fields: dict[str, bytes]


class Book:
    """The account at one version. Sums of movements are kept exactly, so a flush costs what moved."""

    def __init__(self, account: Account, rows: Iterable[PositionFigures]) -> None:
        self.account_id, self.version = account.pk, account.version
        self.observed_at, self.owner_id = account.observed_at, account.owner_id
        self.is_cash = account.account_type == "CASH"
        self.figures: dict[str, Decimal | None] = {name: getattr(account, name) for name in BALANCES}
        self.rows = list(rows)
        self.holdings = [Holding(row) for row in self.rows if Holding.can_be_marked(row)]
        self.by_symbol: dict[str, list[Holding]] = {}
        for holding in self.holdings:
            self.by_symbol.setdefault(holding.symbol, []).append(holding)
        self.moved = [ZERO] * 5
        self.touched: dict[int, Holding] = {}
        self.seq = 0
        self.is_moved_on = False
        """The book has a newer version than this: nothing is published any more."""
        self.shown: Texts = {name: plain(self.figures[name]) for name in BALANCES}
        self.unkept: dict[str, bytes] = {}
        """Fields that Redis should hold and may not hold yet."""

    @property
    def net_liq(self) -> Decimal | None:
        """The net liquidating value as shown now: Schwab's last figure plus the movement of the marks."""
        base = self.figures["net_liq"]
        return None if base is None else base + self.moved[LONG] + self.moved[SHORT_SOLD] + self.moved[OPTION]

    def mark(self, holding: Holding, mark: Decimal) -> None:
        """Let one row take a mark."""
        if mark == holding.mark or not holding.takes(mark):
            return
        step = holding.move(mark)
        self.touched[holding.id] = holding
        moved = self.moved
        moved[holding.bucket] += step
        if holding.pl_open is None:
            moved[WITHOUT_OPEN] += step
        if holding.pl_day is None:
            moved[WITHOUT_DAY] += step

    def texts(self) -> Texts:
        """Return the account's figures as they are shown now."""
        long, short, option, without_open, without_day = self.moved
        total = long + short + option
        moves = {
            "net_liq": total,
            "equity": total if self.is_cash else long + short,  # a margin account's counts no options (§2.2)
            "long_market_value": long,
            "short_market_value": short,
            "pl_open": total - without_open,
            "pl_day": total - without_day,
        }
        figures = self.figures
        now = {name: None if (base := figures[name]) is None else base + move for name, move in moves.items()}
        return {name: money(value) for name, value in now.items()} | {"pl_day_percent": self._percent(now)}

    def _percent(self, now: Mapping[str, Decimal | None]) -> str | None:
        """Return today's P/L over what the account was worth before it; null where Schwab's figures gave none."""
        net_liq, pl_day = now["net_liq"], now["pl_day"]
        if self.figures["pl_day_percent"] is None or net_liq is None or pl_day is None:
            return None
        before = net_liq - pl_day
        return money(pl_day * HUNDRED / before) if before > 0 else None

    def message(self, now: datetime) -> Message | None:
        """Return what changed since the last message; None when nothing that can be seen did."""
        rows: list[msgspec.Raw | dict[str, Any]] = []
        fields: dict[str, bytes] = {}
        for holding in self.touched.values():
            if changed := holding.changes():
                whole = fields[holding.field] = _encoder.encode({"id": holding.id, **holding.shown})
                all_changed = len(changed) == len(KEYS)
                rows.append(msgspec.Raw(whole) if all_changed else {"id": holding.id, **changed})
        self.touched.clear()
        texts = self.texts()
        balances = {name: text for name, text in texts.items() if self.shown[name] != text}
        if not rows and not balances:
            return None
        self.shown = texts
        self.seq += 1
        head = {"version": self.version, "seq": self.seq, "as_of": instant(now)}
        fields[HEAD] = _encoder.encode(head | {"balances": texts})
        body: dict[str, Any] = {"type": "marks", "account_id": self.account_id, **head}
        return Message(self.account_id, _encoder.encode(body | {"rows": rows, "balances": balances}), fields)

    def whole(self, now: datetime) -> Message | None:
        """Return a message with all that marks have moved, for when earlier ones may have been lost."""
        if not self.seq:
            return None
        self.seq += 1
        head = {"version": self.version, "seq": self.seq, "as_of": instant(now)}
        rows = [{"id": each.id, **each.shown} for each in self.holdings if each.mark is not None]
        fields = {str(row["id"]): _encoder.encode(row) for row in rows}
        fields[HEAD] = _encoder.encode(head | {"balances": self.shown})
        body = {"type": "marks", "account_id": self.account_id, **head, "rows": rows, "balances": self.shown}
        return Message(self.account_id, _encoder.encode(body), fields)

    def take_over(self, kept: Mapping[bytes, bytes]) -> bool:
        """Go on where another process stopped, if what it kept is of this version; tell whether it was.

        The browsers show what was kept, so changes are told against that, and marks and `seq` go on. The caller's
        decimal context must be wide enough.
        """
        head: dict[str, Any] = msgspec.json.decode(kept.get(HEAD.encode(), b"{}"))
        if head.get("version") != self.version:
            return False
        for holding in self.holdings:
            row: dict[str, Any] = msgspec.json.decode(kept.get(str(holding.id).encode(), b"{}"))
            if row.get("mark_price") is not None:
                self.mark(holding, Decimal(row["mark_price"]))
                holding.shown |= {name: row[name] for name in KEYS if name in row}
        self.seq = int(head.get("seq", 0))
        self.shown |= {name: text for name, text in head.get("balances", {}).items() if name in self.shown}
        return True
