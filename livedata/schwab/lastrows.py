"""Keeps each account's latest rows in this process: a row whose text is the same as before is not read again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import compress
from operator import eq, not_

from msgspec import Raw, Struct

from actandpos.types import PositionRow, RejectedRow

Reading = tuple[list[PositionRow], list[RejectedRow]]
ROWS_KEPT = 10_000
"""Of all accounts together: a row and its text take about two kilobytes."""


class Latest(Struct, frozen=True):
    """The rows of an answer, each at the place of the text it was read from."""

    raws: list[Raw]
    rows: list[PositionRow]


NONE = Latest([], [])


class LastRows:
    """Reads rows with `read`, but for those that stood at the same place in the same words the last time.

    Whose rows are kept decides nothing: equal texts are equal rows. Safe among threads.
    """

    def __init__(self, read: Callable[[list[Raw]], Reading], limit: int = ROWS_KEPT) -> None:
        self._read = read
        self._limit = limit
        self._size = 0
        self._latest: OrderedDict[Hashable, Latest] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, account: Hashable, raws: list[Raw]) -> Reading:
        """Return what `read` makes of an account's rows. An answer with unreadable rows is not kept."""
        last = self._latest.get(account, NONE)
        same = list(map(eq, raws, last.raws))
        same += [False] * (len(raws) - len(same))
        rows, rejected = self._read(list(compress(raws, map(not_, same))))
        if rejected:
            return self._read(raws)
        if any(same):
            new = iter(rows)
            rows = [last.rows[place] if kept else next(new) for place, kept in enumerate(same)]
        self._keep(account, Latest(raws, rows))
        return rows, []

    def _keep(self, account: Hashable, latest: Latest) -> None:
        """Keep the rows, dropping those of the accounts that were asked for longest ago."""
        with self._lock:
            self._size += len(latest.rows) - len(self._latest.pop(account, NONE).rows)
            self._latest[account] = latest
            while self._size > self._limit:
                self._size -= len(self._latest.popitem(last=False)[1].rows)
