"""One account's story, day after day: what happened on a date, and the book that a date begins with."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from simulator.wire.times import eastern_midnight
from simulator.world.agenda import Agenda
from simulator.world.book import Book
from simulator.world.entries import Done, Entry, numbered, trades
from simulator.world.expiry import Ending, closes_at, endings, entries_of
from simulator.world.postings import postings

_STARTS_KEPT = 400
_DAY = timedelta(days=1)
_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Happened:
    """A date: the executions that could be carried out, cash that was posted, options that ended."""

    done: list[Done]
    posted: list[Entry]
    ended: list[Ending]


class Ledger:
    """Worked out from its first date on and remembered; `revise` changes the executions of the agenda's date.

    A ledger with a `base` tells the same as that one before its date `since`.
    """

    def __init__(
        self,
        agenda: Agenda,
        revise: Callable[[date, list[Done]], list[Done]] | None = None,
        base: "Ledger | None" = None,
        since: date = date.max,
    ) -> None:
        self._agenda = agenda
        self._revise = revise
        self.voids: dict[int, float] = {}
        self._base, self._since = base, since
        self._starts: dict[date, Book] = {}
        self._days: dict[date, Happened] = {}
        self._entries: dict[date, list[Entry]] = {}

    def start(self, day: date) -> Book:
        """The book at an Eastern midnight; shared between callers, to be copied before it is changed."""
        found = self._starts.get(day)
        if found is None:
            if self._base is not None and day <= self._since:
                return self._base.start(day)
            found = self._work_out(day)
            if len(self._starts) > _STARTS_KEPT:
                self._starts.clear()
            self._starts[day] = found
        return found

    def _work_out(self, day: date) -> Book:
        at = max((known for known in self._starts if known < day), default=None)
        if at is not None:
            book = self._starts[at]
        elif self._base is not None:
            at, book = self._since, self._base.start(self._since)
        else:
            at, book = min(day, self._agenda.born), Book()
        while at < day:
            book = book.copy()
            for entry in self._whole_day(at, book):
                book.take(entry)
            book, at = book.start_day(), at + _DAY
            if at.day == 1:
                self._starts[at] = book
        return book

    def cut(self, day: date) -> None:
        """What follows a change on a date is to be worked out anew."""
        self._since = min(self._since, day)
        midnight = eastern_midnight(day)
        self.voids = {identifier: at for identifier, at in self.voids.items() if at < midnight}
        self._starts = {known: book for known, book in self._starts.items() if known <= day}
        self._days = {known: kept for known, kept in self._days.items() if known < day}
        self._entries = {known: kept for known, kept in self._entries.items() if known < day}

    def entries(self, day: date, now: float = math.inf) -> list[Entry]:
        """What happened on a date up to an instant, in order; partly done trades as they are then."""
        if self._base is not None and day < self._since:
            return self._base.entries(day, now)
        if now == math.inf:
            return self._whole_day(day, None)
        return self._told(self.happened(day), day, now)

    def _whole_day(self, day: date, book: Book | None) -> list[Entry]:
        found = self._entries.get(day)
        if found is None:
            found = self._entries[day] = self._told(self.happened(day, book), day, math.inf)
        return found

    def _told(self, what: Happened, day: date, now: float) -> list[Entry]:
        if not (what.done or what.posted or what.ended):
            return []
        is_margin = self._agenda.account.is_margin
        others = [entry for entry in what.posted if entry.at <= now]
        others += [entry for end in what.ended if end.at <= now for entry in entries_of(end, is_margin)]
        done = trades((item for item in what.done if item.at <= now), is_margin)
        found = [*numbered(others, day, self._agenda.account.index), *done]
        return sorted(found, key=lambda entry: entry.at)

    def happened(self, day: date, book: Book | None = None) -> Happened:
        """A date as a whole; `book` is its start when the caller has it at hand."""
        if self._base is not None and day < self._since:
            return self._base.happened(day, book)
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self._happen(day, self.start(day) if book is None else book)
        return found

    def _happen(self, day: date, book: Book) -> Happened:
        agenda = self._agenda
        done = agenda.done_on(day)
        if self._revise is not None:
            done = sorted(self._revise(day, done), key=lambda item: item.at)
        posted = [
            *agenda.once_on(day),
            *(postings(agenda, day, book) if day >= agenda.begins else ()),
        ]
        posted.sort(key=lambda entry: entry.at)
        held = {symbol: row.quantity for symbol, row in book.rows.items()} if done else None
        if held is None and f"{day:%y%m%d}" not in book.expiring:
            return Happened([], posted, [])
        return self._carried_out(day, done, posted, held or {s: r.quantity for s, r in book.rows.items()})

    def _carried_out(
        self, day: date, done: list[Done], posted: list[Entry], held: dict[str, float]
    ) -> Happened:
        """Let the executions happen that close no more than is held; options end in between."""
        voids: dict[int, float] = {}
        kept: list[Done] = []
        close, ended = closes_at(day), None
        for item in done:
            if ended is None and item.at >= close:
                ended = endings(self._agenda.market, day, held)
            if item.order.order_id in voids or not _fits(item, held):
                voids.setdefault(item.order.order_id, item.at)
            else:
                kept.append(item)
        if ended is None:
            ended = endings(self._agenda.market, day, held)
        self.voids |= voids
        return Happened(kept, posted, ended)


def _fits(item: Done, held: dict[str, float]) -> bool:
    order = item.order
    moves: list[tuple[str, float]] = []
    for leg in order.legs:
        quantity = leg.sign * leg.quantity * item.fill.quantity / order.quantity
        has = held.get(leg.symbol, 0.0)
        if leg.effect == "CLOSING" and (has * quantity >= 0 or abs(quantity) > abs(has) + _SLACK):
            return False
        moves.append((leg.symbol, quantity))
    for symbol, quantity in moves:
        held[symbol] = round(held.get(symbol, 0.0) + quantity, 6)
    return True
