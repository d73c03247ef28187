"""What every quote view shares: sections of named fields, each worked out only when somebody asks for it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from simulator.wire.times import millis
from simulator.world.instruments import Json
from simulator.world.market import Board

Field = Callable[[Any], object]
Table = Mapping[str, Field]
SECTIONS = ("quote", "fundamental", "extended", "reference", "regular")


class View:
    """One instrument at a board's instant; a halted one stands still at the instant of its halt.

    `sections` maps the section's name to its fields; a field that is None is left out of the answer.
    """

    sections: ClassVar[Mapping[str, Table]] = {}
    main_type: ClassVar[str] = ""

    def __init__(self, symbol: str, board: Board) -> None:
        self.symbol = symbol
        self.board = board
        self.now = board.market.seen_at(symbol, board.now)
        self.mark = board.mark(symbol)
        self.close = board.close(symbol)

    def head(self) -> Json:
        """The keys in front of the sections."""
        raise NotImplementedError

    def json(self, wanted: frozenset[str]) -> Json:
        """The whole entry with the wanted sections."""
        found = self.head()
        for name in self.sections:
            if name in wanted:
                fields = {key: field(self) for key, field in self.sections[name].items()}
                found[name] = {key: value for key, value in fields.items() if value is not None}
        return found

    @property
    def status(self) -> str:
        """`Normal`, or `Halted` while trading is stopped by hand."""
        return "Normal" if self.now == self.board.now else "Halted"

    @property
    def quoted(self) -> int:
        """When the quote was made, milliseconds."""
        return millis(self.now) - 90

    @property
    def net(self) -> float:
        """The mark's change from the previous close."""
        return round(self.mark - self.close, 2)

    @property
    def percent(self) -> float:
        """The same in percent."""
        return percent(self.mark, self.close)


def percent(price: float, close: float) -> float:
    """The change from a close in percent."""
    return round(100 * (price - close) / close, 8) if close else 0.0
