"""All books that a process marks: ticks name symbols, a flush turns them into one message an account."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, localcontext

from livedata.quotes import Board
from livedata.schwab.marks.book import Book, Message
from livedata.schwab.marks.holdings import Holding

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Wide enough that no product or sum of stored figures and prices is ever rounded."""


class Desk:
    """The books by account, and who holds which symbol."""

    def __init__(self, board: Board) -> None:
        self.books: dict[int, Book] = {}
        self._board = board
        self._holders: dict[str, dict[int, tuple[Book, list[Holding]]]] = {}
        self._anew: set[int] = set()

    def put(self, book: Book) -> None:
        """Take a book in place of the account's earlier one; the next flush marks all of it."""
        self.drop(book.account_id)
        self.books[book.account_id] = book
        self._anew.add(book.account_id)
        for symbol, holdings in book.by_symbol.items():
            self._holders.setdefault(symbol, {})[book.account_id] = (book, holdings)

    @staticmethod
    def take_over(book: Book, kept: Mapping[bytes, bytes]) -> bool:
        """Let a book go on from what another process kept; tell whether that was of its version."""
        with localcontext(EXACT):
            return book.take_over(kept)

    def drop(self, account_id: int) -> None:
        """Forget an account."""
        book = self.books.pop(account_id, None)
        self._anew.discard(account_id)
        for symbol in book.by_symbol if book else ():
            del self._holders[symbol][account_id]
            if not self._holders[symbol]:
                del self._holders[symbol]

    def moved_on(self, account_id: int, version: int) -> bool:
        """Learn of a newer version of an account's book: nothing of it is published until it was read again."""
        book = self.books.get(account_id)
        if book is None or version <= book.version:
            return False
        book.is_moved_on = True
        return True

    def flush(self, symbols: Collection[str], now: datetime) -> list[Message]:
        """Mark every row that holds one of these symbols; return one message for each account that changed."""
        touched: dict[int, Book] = {}
        with localcontext(EXACT):
            for account_id in self._anew:
                book = self.books[account_id]
                touched[account_id] = book
                self._mark(book, book.holdings)
            self._anew.clear()
            for symbol in symbols:
                for account_id, (book, holdings) in self._holders.get(symbol, {}).items():
                    touched[account_id] = book
                    self._mark(book, holdings)
            said = [book.message(now) for book in touched.values() if not book.is_moved_on]
        return [message for message in said if message is not None]

    def _mark(self, book: Book, holdings: Iterable[Holding]) -> None:
        """Let rows take the marks of the board where these are of after the book's figures."""
        quotes, observed_at = self._board.quotes, book.observed_at
        for holding in holdings:
            quote = quotes.get(holding.symbol)
            if quote is None or quote.mark is None:
                continue
            # Schwab's own figures win over a quote that has not moved since, also while it is streamed: what they
            # were made from is at least as new.
            if observed_at is None or quote.is_after(observed_at):
                book.mark(holding, quote.mark)
