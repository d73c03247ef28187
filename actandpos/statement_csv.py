"""The statement's transactions as CSV: raw numbers, ISO times, and first a line that says as of when."""

import csv
import io
from collections.abc import Sequence

from actandpos.models import Account
from actandpos.plain import instant
from actandpos.selectors import statement as selectors
from actandpos.selectors.accounts import oldest
from actandpos.statement import AMOUNTS, ORDER, Range, row_dict

COLUMNS = tuple(name for name in ORDER if name != "missing")
WORDS = ("kind", "broker_type", "status", "symbol", "underlying", "description", "position_effect")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is taken for a formula by spreadsheets; the text came from elsewhere."""


def as_of_line(accounts: Sequence[Account], days: Range) -> bytes:
    """Return the comment that the file begins with."""
    checked = instant(oldest([each.transactions_checked_at for each in accounts])) or "never read"
    span = f"{days.first.isoformat()} to {days.last.isoformat()}"
    return f'"# Thor statement, {span} (US Eastern days), as of {checked}"\r\n'.encode()


def statement_csv(accounts: Sequence[Account], days: Range) -> bytes:
    """Return the names of the columns and the rows, in UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in selectors.transactions(accounts, days.first, days.last):
        writer.writerow([_cell(name, value) for name, value in row_dict(row).items() if name != "missing"])
    return file.getvalue().encode()


def _cell(name: str, value: object) -> object:
    """Return what a cell holds: nothing where nothing is known, text that no program takes for a formula."""
    if value is None:
        return ""
    if name not in AMOUNTS and isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
