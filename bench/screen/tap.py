"""Listens on the live bus beside the page: which tick brought which mark, and what the marks of an account are now."""

import json
import threading
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

import redis

from livedata.bus import POSITIONS, QUOTES

Row = dict[str, Any]


class Tap:
    """`ticks` holds for each symbol the moments (ms since 1970) at which the market moved its mark, and where to."""

    def __init__(self, url: str, account_id: int) -> None:
        self.ticks: defaultdict[str, list[tuple[int, Decimal]]] = defaultdict(list)
        self.rows: dict[int, Row] = {}
        self.balances: Row = {}
        self.version = 0
        self._last: dict[str, Decimal] = {}
        self._listener = redis.Redis.from_url(url).pubsub(ignore_subscribe_messages=True)
        self._listener.psubscribe(QUOTES.format("*"), POSITIONS.format(account_id))
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._ended.set()
        self._thread.join()
        self._listener.close()

    def _listen(self) -> None:
        while not self._ended.is_set():
            message = self._listener.get_message(timeout=0.2)
            if message is not None:
                self._take(json.loads(message["data"]))

    def _take(self, said: Row) -> None:
        if said["type"] == "quote":
            self._take_quote(said)
        elif said["type"] == "positions":  # Schwab's newer figures: marks begin anew
            self.rows, self.balances, self.version = {}, {}, said["version"]
        elif said["type"] == "marks":
            if said["version"] != self.version:
                self.rows, self.balances, self.version = {}, {}, said["version"]
            for row in said["rows"]:
                self.rows.setdefault(row["id"], {}).update(row)
            self.balances.update(said["balances"])

    def _take_quote(self, quote: Row) -> None:
        if quote["mark"] is None or quote["quote_time"] is None:
            return
        symbol, mark = quote["symbol"], Decimal(quote["mark"])
        if self._last.get(symbol) != mark:
            self._last[symbol] = mark
            moved_at = datetime.fromisoformat(quote["quote_time"])
            self.ticks[symbol].append((round(moved_at.timestamp() * 1000), mark))
