"""The floor of the write path: the bare driver's upsert of rows that a program has in hand.

One connection of the driver, set up as Thor's own; one statement for the upsert, one transaction, one commit. The rows
are tuples of Decimal, date and text, made before the clock starts. Each database has two ways, the quicker one counts.
"""

import itertools
from collections.abc import Sequence
from typing import Any

import msgspec

from actandpos.services.columns import POSITIONS
from actandpos.types import PositionRow
from bench.database import Driver
from bench.ratio import Run

AS_OF = "2026-11-20 15:00:00"
COLUMNS = ", ".join(POSITIONS.columns)
CHANGES = ", ".join(f"{name} = excluded.{name}" for name in POSITIONS.columns if name not in POSITIONS.key)
CONFLICT = f"ON CONFLICT ({', '.join(POSITIONS.key)}) DO UPDATE SET {CHANGES}"
TABLE = POSITIONS.model._meta.db_table
Row = tuple[Any, ...]


class Upsert:
    """Writes the positions of one account, one answer after the other."""

    def __init__(self, account_id: int, answers: Sequence[Sequence[PositionRow]]) -> None:
        self._driver = Driver()
        self._account_id = account_id
        self.clock = self._driver.clock
        rows = [self._in_hand(answer) for answer in answers]
        if self._driver.is_postgres:
            side = f"SELECT {COLUMNS} FROM {TABLE} LIMIT 0"  # noqa: S608
            self._driver.raw.execute(f"CREATE TEMPORARY TABLE side AS {side}")
            ways = {"COPY and one merge": self._copy, "executemany": self._executemany}
        else:
            ways = {"numbers spelled by str": self._spelled, "numbers by its adapters": self._adapted}
        self.names = list(ways)
        self._first = next(iter(ways.values()))
        self.ways: list[Run] = [self._taking_turns(way, rows) for way in ways.values()]

    def write(self, answer: Sequence[PositionRow]) -> None:
        """Write one answer."""
        self._first(self._in_hand(answer))

    @staticmethod
    def _taking_turns(way: Any, answers: Sequence[Sequence[Row]]) -> Run:
        turn = itertools.cycle(answers)
        return lambda: way(next(turn))

    def _in_hand(self, answer: Sequence[PositionRow]) -> list[Row]:
        """Return rows as a program has them: numbers as Decimal, dates as date, JSON as text."""
        rows = []
        for row in answer:
            values = {name: getattr(row, name, None) for name in POSITIONS.columns}
            missing = msgspec.json.encode(row.missing).decode()
            values |= {"account_id": self._account_id, "as_of": AS_OF, "missing": missing}
            rows.append(tuple(values[name] for name in POSITIONS.columns))
        return rows

    def _spelled(self, rows: Sequence[Row]) -> None:
        self._adapted([[None if cell is None else str(cell) for cell in row] for row in rows])

    def _adapted(self, rows: Sequence[Sequence[Any]]) -> None:
        raw = self._driver.raw
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(_insert("?"), rows)
        raw.execute("COMMIT")

    def _executemany(self, rows: Sequence[Row]) -> None:
        raw = self._driver.raw
        with raw.transaction(), raw.cursor() as cursor:
            cursor.executemany(_insert("%s"), rows)

    def _copy(self, rows: Sequence[Row]) -> None:
        raw = self._driver.raw
        with raw.transaction(), raw.cursor() as cursor:
            cursor.execute("DELETE FROM side")
            with cursor.copy(f"COPY side ({COLUMNS}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"INSERT INTO {TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM side {CONFLICT}")  # noqa: S608


def _insert(hole: str) -> str:
    """Return the upsert of one row."""
    holes = ", ".join([hole] * len(POSITIONS.columns))
    return f"INSERT INTO {TABLE} ({COLUMNS}) VALUES ({holes}) {CONFLICT}"  # noqa: S608
