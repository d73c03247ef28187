"""Change-only updates merged into whole quotes, one state a symbol and connection; nothing is computed here."""

from datetime import datetime

from livedata.quotes import FIGURES, Board, Quote
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
        self._gone: set[str] = set()

    def merge(self, data: Data) -> None:
        """Merge one service's changes."""
        states = self.states.get(data.service)
        if states is None:
            return
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
            board.put(quote_of(service, symbol, self.states[service][symbol], now))


def quote_of(service: str, symbol: str, state: Change, now: datetime) -> Quote:
    """Return the quote that a state says; fields that are missing or no numbers are null."""
    get = state.get
    quoted, traded = _TIMES[service]
    values = {name: number(get(place)) for name, place in _NUMBERS[service]}
    return Quote(
        symbol=symbol,
        quote_time=moment(get(quoted)),
        trade_time=moment(get(traded)),
        status=text(get(_STATUS[service])),
        source="stream",
        received_at=now,
        **values,
    )
