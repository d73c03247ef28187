"""Movements of cash that follow the calendar and the book: dividends, interest, deposits, withdrawals, journals."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from simulator.wire.times import eastern_epoch
from simulator.world import chance
from simulator.world.agenda import Agenda
from simulator.world.book import Book
from simulator.world.entries import Entry, cash
from simulator.world.listings import all_listings, well_known
from simulator.world.market import Market
from simulator.world.options import parse_contract

_RECEIPT_DAY, _INTEREST_DAY, _SWEEP_DAY, _MARK_DAY, _LOAN_DAY = 11, 15, 21, 3, 27
_RECEIPT, _MOST_EXCESS = 500.0, 1500.0
_LOAN_RATE = 0.0925 / 12
_QUARTERLY = 0.004


def postings(agenda: Agenda, day: date, book: Book) -> Iterator[Entry]:
    """What is posted early on a day to the book that the day begins with."""
    profile, market = agenda.account.profile, agenda.market
    if profile.key == "empty" or not (book.rows or book.cash):
        return
    at = eastern_epoch(day, 4)
    yield from _dividends(at, day, book)
    if day.day == _RECEIPT_DAY:
        yield cash(at + 1800, "ACH_RECEIPT", _RECEIPT, "EXAMPLE BANK TRANSFER")
    if day.day == _INTEREST_DAY:
        yield cash(at, "DIVIDEND_OR_INTEREST", 0.01 * day.month, f"BANK INT {day:%m%d%y} SCHWAB BANK")
    if day.day == _SWEEP_DAY:
        yield from _sweep(at, book.cash - agenda.meant(day))
    if day.day == _MARK_DAY and book.short_balance:
        yield from _mark_to_market(at, market, book)
    if day.day == _LOAN_DAY and book.cash < 0:
        amount = round(book.cash * _LOAN_RATE, 2)
        yield cash(
            at, "DIVIDEND_OR_INTEREST", amount, f"MARGIN INTEREST {day:%m/%d/%Y}", sub_account="MARGIN"
        )


@lru_cache(maxsize=128)
def _payers(phase: int, day_of_month: int) -> tuple[str, ...]:
    """Names that pay on such a day of such a month of the quarter; money funds pay on every first."""
    found = [
        item.symbol
        for item in (*well_known("EQUITY"), *well_known("ETF"))
        if chance.whole(0, 2, "quarter", item.symbol) == phase
        and chance.whole(1, 28, "pays", item.symbol) == day_of_month
    ]
    return (*found, "SWVXX") if day_of_month == 1 else tuple(found)


def _dividends(at: float, day: date, book: Book) -> Iterator[Entry]:
    for symbol in _payers(day.month % 3, day.day):
        quantity = book.quantity(symbol)
        listing = all_listings()[symbol]
        share = 0.0031 if listing.kind == "MONEY" else _QUARTERLY
        amount = round(quantity * listing.base * share, 2)
        if amount:
            # A short position owes what the shares pay.
            place = "SHORT" if amount < 0 else "CASH"
            qualified = listing.kind == "EQUITY" and amount > 0
            kind = "DIVIDEND_OR_INTEREST"
            yield cash(at, kind, amount, listing.name, qualified=qualified, sub_account=place)


def _sweep(at: float, excess: float) -> Iterator[Entry]:
    """Bring the cash back to what the account means to have, in whole hundreds."""
    if abs(excess) >= _MOST_EXCESS:
        kind = "ACH_DISBURSEMENT" if excess > 0 else "ACH_RECEIPT"
        yield cash(at, kind, -(abs(excess) // 100 * 100) * (1 if excess > 0 else -1), "EXAMPLE BANK TRANSFER")


def _mark_to_market(at: float, market: Market, book: Book) -> Iterator[Entry]:
    """What short sales brought in becomes what the short stock is worth; the rest is margin cash."""
    short = [row for row in book.open_rows() if row.quantity < 0 and parse_contract(row.symbol) is None]
    worth = round(sum(-row.quantity * market.mark_at(row.symbol, at) for row in short), 2)
    moved = round(book.short_balance - worth, 2)
    if moved:
        text = "MARK TO THE MARKET"
        yield cash(at, "JOURNAL", -moved, text, sub_account="SHORT")
        yield cash(at, "JOURNAL", moved, text, sub_account="MARGIN")
