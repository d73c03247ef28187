"""A level-one service of one connection: what is subscribed, what was sent of it, and what has changed since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from simulator.streamer.fields import LAST_FIELD, Reader, readers_of
from simulator.world.instruments import Json
from simulator.world.market import Board
from simulator.world.option_quotes import OptionView
from simulator.world.quotes import view_of
from simulator.world.stock_quotes import StockView
from simulator.world.views import View

MOST_KEYS = 500
_HEAD = frozenset({"delayed", "assetMainType", "assetSubType", "cusip"})


@dataclass(slots=True)
class Line:
    """One symbol: the fields wanted, and the values sent last (None before the snapshot)."""

    symbol: str
    numbers: tuple[int, ...]
    readers: Mapping[str, Reader] | None = None
    sent: list[object] | None = None


class LevelOne:
    """The symbols of one service; symbols that have no quote here stay silent."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[str, Line] = {}
        self.updates = 0
        self._wants_options = name == "LEVELONE_OPTIONS"
        self._cursor = 0

    def numbers(self, text: str) -> tuple[int, ...] | None:
        """The field numbers of a list as text; unknown ones are passed over. None when it is no such list."""
        parts = text.split(",")
        if not all(part.strip().isdecimal() for part in parts):
            return None
        wanted = {int(part) for part in parts}
        return tuple(sorted(number for number in wanted if 0 < number <= LAST_FIELD[self.name]))

    def replace(self, keys: Iterable[str], numbers: tuple[int, ...]) -> int:
        """SUBS: these keys and no others; returns how many lie beyond the cap."""
        self.lines.clear()
        return self.add(keys, numbers)

    def add(self, keys: Iterable[str], numbers: tuple[int, ...]) -> int:
        """ADD: these keys too; returns how many lie beyond the cap."""
        discarded = 0
        for key in dict.fromkeys(keys):
            if key in self.lines or len(self.lines) < MOST_KEYS:
                self.lines[key] = Line(key, numbers)
            else:
                discarded += 1
        return discarded

    def remove(self, keys: Iterable[str]) -> None:
        """UNSUBS."""
        for key in keys:
            self.lines.pop(key, None)

    def view(self, numbers: tuple[int, ...]) -> None:
        """VIEW: other fields for every key."""
        for line in list(self.lines.values()):
            self.lines[line.symbol] = Line(line.symbol, numbers)

    def snapshots(self, board: Board) -> list[Json]:
        """All that was not sent yet."""
        return self._content([line for line in self.lines.values() if line.sent is None], board)

    def everything(self, board: Board) -> list[Json]:
        """Every field of every symbol as a change, of which nothing is remembered: the truth is due again."""
        lines = [Line(line.symbol, line.numbers) for line in self.lines.values()]
        for line in self.lines.values():
            line.sent = None
        rows = self._content(lines, board)
        return [{name: value for name, value in row.items() if name not in _HEAD} for row in rows]

    def changes(self, board: Board, count: int) -> list[Json]:
        """What changed in the next `count` symbols of the round."""
        lines = list(self.lines.values())
        start = self._cursor % len(lines) if lines else 0
        turn = [*lines[start:], *islice(lines, start)][:count]
        self._cursor = start + len(turn)
        return self._content(turn, board)

    def _content(self, lines: Sequence[Line], board: Board) -> list[Json]:
        found: list[Json] = []
        for line in lines:
            view = view_of(line.symbol, board)
            if view is None or isinstance(view, OptionView) is not self._wants_options:
                continue
            if line.readers is None:
                line.readers = readers_of(type(view), line.numbers)
            readers = line.readers
            values = [reader(view) for reader in readers.values()]
            if line.sent is None:
                shown = (
                    (name, value) for name, value in zip(readers, values, strict=True) if value is not None
                )
                found.append({**_snapshot_head(view), **dict(shown)})
            else:
                pairs = zip(readers, values, line.sent, strict=True)
                content: Json = {name: value for name, value, old in pairs if value != old}
                if content:
                    self.updates += len(content)
                    found.append({"key": line.symbol, **content})
            line.sent = values
        return found


def _snapshot_head(view: View) -> Json:
    head: Json = {"key": view.symbol, "delayed": False, "assetMainType": view.main_type}
    if isinstance(view, StockView):
        return {**head, "assetSubType": view.sub_type, "cusip": view.listing.cusip}
    if isinstance(view, OptionView):
        return {**head, "cusip": view.contract.cusip}
    return head
