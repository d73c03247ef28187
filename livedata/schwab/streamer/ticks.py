"""Change-only updates merged into whole quotes, one state a symbol and connection; nothing is computed here."""

import time
from datetime import datetime, timedelta

from livedata.quotes import FIGURES, Board, Quote, later
from livedata.schwab.streamer.fields import EQUITIES, OPTIONS, number_of
from livedata.schwab.streamer.frames import Change, Data, moment, number, text

_NUMBERS = {
    service: [(name, number_of(service, name)) for name in FIGURES] for service in (EQUITIES, OPTIONS)
}
_STATUS = {service: number_of(service, "status") for service in _NUMBERS}
_TIMES = {
    service: (number_of(service, "quote_time"), number_of(service, "trade_time")) for service in _NUMBERS
}


class Ticks:
    """The states of one connection; `dirty` names the symbols that moved since they were last taken."""

    def __init__(self) -> None:
        self.states: dict[str, dict[str, Change]] = {EQUITIES: {}, OPTIONS: {}}
        self.dirty: set[tuple[str, str]] = set()
        self.count = 0
        self.ahead = timedelta(0)
        """How far the streamer's clock is ahead of this machine's; the way here makes it a little less."""
        self._gone: set[str] = set()

    def merge(self, data: Data) -> None:
        """Merge one service's changes."""
        states = self.states.get(data.service)
        if states is None:
            return
        if (said_at := moment(data.timestamp)) is not None:
            self.ahead = timedelta(seconds=said_at.timestamp() - time.time())
        service, dirty = data.service, self.dirty
        for change in data.content:
            symbol = change.get("key")
            if not isinstance(symbol, str):
                continue
            state = states.get(symbol)
            if state is None:
                states[symbol] = change
            else:
                state.update(change)
            dirty.add((service, symbol))
        self.count += len(data.content)

    def forget(self, service: str, symbols: list[str]) -> None:
        """Drop the states of symbols that are subscribed no more."""
        for symbol in symbols:
            self.states[service].pop(symbol, None)
            self.dirty.discard((service, symbol))
        self._gone.update(symbols)

    def take(self, board: Board, now: datetime, source: object) -> None:
        """Put what moved on the board as whole quotes. From its first data on, a symbol is held by `source`."""
        if self._gone:
            board.let_go(source, self._gone)
            self._gone = set()
        dirty, self.dirty = self.dirty, set()
        for service, symbol in dirty:
            board.hold(source, symbol)
            board.put(quote_of(service, symbol, self.states[service][symbol], now, self.ahead))


def quote_of(service: str, symbol: str, state: Change, now: datetime, ahead: timedelta) -> Quote:
    """Return the quote that a state says; fields that are missing or no numbers are null.

    `ahead` is how far the clock of its times is ahead of this machine's.
    """
    get = state.get
    quoted, traded = _TIMES[service]
    values = {name: number(get(place)) for name, place in _NUMBERS[service]}
    quoted_at, traded_at = moment(get(quoted)), moment(get(traded))
    newest = later(quoted_at, traded_at)
    return Quote(
        symbol=symbol,
        quote_time=quoted_at,
        trade_time=traded_at,
        status=text(get(_STATUS[service])),
        source="stream",
        received_at=now,
        moved_at=None if newest is None else newest - ahead,
        **values,
    )
