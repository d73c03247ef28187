"""Reads and writes many rows with one statement on Django's own connection, near the cost of the bare driver.

Rows come as text in column order (`None` for null): both databases read numbers and dates from text exactly,
and no object is built per cell. Ids of rows that exist stay.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from msgspec import Struct

TextRow = Sequence[str | None]
TextColumn = Sequence[str | None]
NULL = "\x02"
"""Stands for null in COPY; no column holds this control character alone."""


class Target(Struct, frozen=True):
    """Where rows go. `keep` names columns in which a null does not erase what is stored."""

    model: type[Model]
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The quoted table name."""
        return connection.ops.quote_name(self.model._meta.db_table)


def upsert(target: Target, columns: Sequence[TextColumn]) -> None:
    """Insert rows, given as the target's columns, or update those whose key exists. Joins the open transaction."""
    if not columns[0]:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy_and_merge(cursor, target, columns)
        else:
            cursor.executemany(f"{_insert(target)} {_merge(target)}", list(zip(*columns, strict=True)))


def read(target: Target, account_id: int, *names: str) -> list[tuple[Any, ...]]:
    """Return some columns of all rows of an account, as the driver has them."""
    with connection.cursor() as cursor:
        columns = ", ".join(names)
        cursor.execute(f"SELECT {columns} FROM {target.table} WHERE account_id = %s", [account_id])  # noqa: S608
        return cursor.fetchall()


def clear(target: Target, account_id: int) -> None:
    """Delete all rows of an account."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {target.table} WHERE account_id = %s", [account_id])  # noqa: S608


def insert(target: Target, rows: Sequence[TextRow]) -> None:
    """Insert a few new rows."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(_insert(target), rows)


def update(target: Target, columns: Sequence[TextColumn], ids: Sequence[int]) -> int:
    """Write rows, given as the target's columns, over those with these ids; return how many of them exist.

    Finds rows with less work than `upsert` does. The columns of the target's key are left as they are.
    """
    if not ids:
        return 0
    named = {
        name: column for name, column in zip(target.columns, columns, strict=True) if name not in target.key
    }
    # Nothing but nulls where nulls erase nothing: there is nothing to write.
    named = {name: column for name, column in named.items() if name not in target.keep or any(column)}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kinds = _column_types(target, ["id", *named])
            arrays = ", ".join(f"%s::{kind.partition('(')[0]}[]" for kind in kinds)
            new = f"unnest({arrays}) AS new(id, {', '.join(named)})"
            sql = f"UPDATE {target.table} SET {_assignments(target, named, 'new.')} FROM {new}"  # noqa: S608
            values = [list(map(str, ids)), *named.values()]
            cursor.execute(f"{sql} WHERE {target.table}.id = new.id", list(map(_array, values)))
        else:
            changes = ", ".join(f"{name} = {_chosen(target, name, '%s')}" for name in named)
            rows = list(zip(*named.values(), ids, strict=True))
            cursor.executemany(f"UPDATE {target.table} SET {changes} WHERE id = %s", rows)  # noqa: S608
        return int(cursor.rowcount)


def update_one(model: type[Model], id: int, values: Mapping[str, str | None]) -> None:
    """Write columns of one row, given as text."""
    changes = ", ".join(f"{name} = %s" for name in values)
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"UPDATE {table} SET {changes} WHERE id = %s", [*values.values(), id])  # noqa: S608


def _array(cells: TextColumn) -> str:
    """Return a column as PostgreSQL spells an array; escaping is rare and done only where the text shows a need."""
    text = "".join(filter(None, cells))
    if '"' in text or "\\" in text:
        cells = [cell and cell.replace("\\", "\\\\").replace('"', '\\"') for cell in cells]
    if None in cells:
        return "{" + ",".join(["NULL" if cell is None else f'"{cell}"' for cell in cells]) + "}"
    return '{"' + '","'.join(map(str, cells)) + '"}'


def _insert(target: Target) -> str:
    """Return the plain INSERT for one row."""
    holes = ", ".join(["%s"] * len(target.columns))
    return f"INSERT INTO {target.table} ({', '.join(target.columns)}) VALUES ({holes})"  # noqa: S608


def _chosen(target: Target, name: str, new: str) -> str:
    """Return what becomes of a column: the new value, or the stored one where a null is to erase nothing."""
    return f"COALESCE({new}, {target.table}.{name})" if name in target.keep else new


def _assignments(target: Target, names: Iterable[str], source: str) -> str:
    """Return the list of a SET clause that takes columns from a source of the same column names."""
    return ", ".join(f"{name} = {_chosen(target, name, f'{source}{name}')}" for name in names)


def _merge(target: Target) -> str:
    """Return the ON CONFLICT clause."""
    changed = [name for name in target.columns if name not in target.key]
    changes = _assignments(target, changed, "excluded.")
    return f"ON CONFLICT ({', '.join(target.key)}) DO UPDATE SET {changes}"


def _copy_and_merge(cursor: Any, target: Target, values: Sequence[TextColumn]) -> None:
    """COPY rows beside the table and merge them into it."""
    side = _side_table(cursor, target, target.columns, values)
    columns = ", ".join(target.columns)
    merge = f"INSERT INTO {target.table} ({columns}) SELECT {columns} FROM {side} {_merge(target)}"  # noqa: S608
    cursor.execute(merge)


def _side_table(cursor: Any, target: Target, names: Sequence[str], values: Sequence[TextColumn]) -> str:
    """COPY rows into a table of this session alone; return its name.

    It outlives the transaction, empty, since making one costs more than emptying it. Its name tells its shape, so
    that a connection which lived through a migration cannot find an old one.
    """
    types = _column_types(target, names)
    shape = ", ".join(f"{name} {kind}" for name, kind in zip(names, types, strict=True))
    side = f"incoming_{hashlib.blake2b(shape.encode(), digest_size=6).hexdigest()}"
    create = f"CREATE TEMPORARY TABLE IF NOT EXISTS {side} ({shape}) ON COMMIT DELETE ROWS"
    cursor.execute(f"{create}; DELETE FROM {side}")  # noqa: S608
    with cursor.copy(f"COPY {side} ({', '.join(names)}) FROM STDIN WITH (NULL '{NULL}')") as copy:
        copy.write(_copy_text(values))
    return side


def _column_types(target: Target, names: Sequence[str]) -> list[str]:
    """Return the database's type of columns, a foreign key's being that of the key it holds."""
    by_column = {field.column: field for field in target.model._meta.concrete_fields}
    return [str(by_column[name].db_type(connection)) for name in names]


def _copy_text(columns: Sequence[TextColumn]) -> str:
    """Return rows in COPY's text format. Escaping is rare, so it is done only where the plain text shows a need."""
    filled: list[list[str]] = [[NULL if cell is None else cell for cell in column] for column in columns]
    text = "\n".join(map("\t".join, zip(*filled, strict=True))) + "\n"
    rows = len(columns[0])
    structure = text.count("\t") == rows * (len(columns) - 1) and text.count("\n") == rows
    if structure and "\\" not in text and "\r" not in text and "\0" not in text:
        return text
    lines = ["\t".join([_escaped(cell) for cell in row]) for row in zip(*filled, strict=True)]
    return "\n".join(lines) + "\n"


def _escaped(cell: str) -> str:
    """Escape what COPY would read as structure; PostgreSQL's text holds no NUL, so that one is left out."""
    cell = cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return cell.replace("\0", "")
