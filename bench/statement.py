"""The statement of 10,000 transactions from the cache against the same bytes without any work; and what ten more cost.

Both views answer from one uvicorn process, asked in turn over one kept connection. What is new is applied to a book of
10,000 transactions and to one of 300: it should cost the same.
"""

import itertools
import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from actandpos import services
from actandpos.models import Account, OpenLot, RealizedLot
from actandpos.services import realized
from actandpos.services.transactions import apply_transactions, match_everything
from actandpos.transaction_types import TransactionPage
from bench import database
from bench.ratio import Line, Run, best, must, show
from bench.read_path import Browser, served
from livedata.schwab.tests.payload_transactions import security, trade
from livedata.schwab.transactions import read_transactions

MANY, FEW, NEW, ROUNDS = 10_000, 300, 10, 30
SYMBOLS = 50
FIRST = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    owner = User.objects.create_user("statement")
    large, small = _account(owner, MANY), _account(owner, FEW)
    path = f"/api/actandpos/statement?account_id={large.pk}&from=2026-01-01&to=2026-12-31"
    client = Client()
    client.force_login(owner)
    begun = time.perf_counter()
    answer = client.get(path)
    rendering = time.perf_counter() - begun
    must(len(answer.json()["transactions"]) == MANY, "transactions are missing")
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), answer.content) as port:
        browser = Browser(port, cookie, answer["ETag"])
        for each in ("/bench/bare", path):
            must(browser.get(each) == (200, answer.content), f"{each} answers something else")
        must(browser.get(path, **{"If-None-Match": browser.tag}) == (304, b""), "no 304")
        sides = [browser.asks("/bench/bare"), browser.asks(path), browser.asks_again(path)]
        bare, ours, unchanged = best(sides, rounds=ROUNDS)
    database.tidy()
    few, many = best([_news(small), _news(large)], rounds=ROUNDS)
    _same_from_scratch(small, large)
    size = f"{len(answer.content) // 1024:,} KB"
    floor, same = f"a static view, {size}, {bare * 1e3:.2f} ms", "the bytes are the same"
    show(
        f"Statement on {database.vendor()}: {MANY:,} transactions",
        [
            Line("from the cache", ours / bare, 3.0, floor, same),
            Line("304", unchanged / ours, 1.0, f"the answer from the cache, {ours * 1e3:.2f} ms", "no body"),
            Line("rendered anew", rendering / bare, None, floor, "every transaction is in it"),
            Line(
                f"{NEW} new ones among {MANY:,}",
                many / few,
                2.0,
                f"the same among {FEW}, {few * 1e3:.1f} ms",
                "lots and gains are those of matching from scratch",
            ),
        ],
    )


def _account(owner: User, count: int) -> Account:
    """Return an account with a history of buys and sales."""
    account = services.ensure_account(
        owner=owner, broker="schwab", identity=f"{count}", display_name=f"{count}", account_type="MARGIN"
    )
    for first in range(0, count, 1000):
        rows = [_wire(number) for number in range(first, min(first + 1000, count))]
        apply_transactions(account, _page(rows), matching=False)
    match_everything(account, FIRST.date())
    return account


def _wire(number: int) -> dict[str, object]:
    """Return a trade as Schwab sends it: a buy of ten and two sales of five, symbol by symbol."""
    at = (FIRST + timedelta(minutes=20 * number)).strftime("%Y-%m-%dT%H:%M:%S+0000")
    symbol, sells = f"ZZ{number % SYMBOLS:02}", number // SYMBOLS % 3 > 0
    units, price = (-5.0 if sells else 10.0), 100.0 + number % 7
    effect = "CLOSING" if sells else "OPENING"
    return trade(number + 1, security(symbol, units, -units * price, price, effect=effect), 0.65, time=at)


def _page(sent: list[dict[str, object]]) -> TransactionPage:
    """Return an answer as it is applied; its window is so narrow that nothing seems to have vanished."""
    reading = read_transactions(json.dumps(sent).encode())
    must(not reading.rejected, "a transaction could not be read")
    now = datetime.now(UTC)
    return TransactionPage(start=now, end=now, rows=reading.rows, read_at=now)


def _news(account: Account) -> Run:
    """Return a run that applies the next ten."""
    pages = (_page([_wire(MANY + NEW * turn + each) for each in range(NEW)]) for turn in range(ROUNDS))
    ready: itertools.cycle[TransactionPage] = itertools.cycle(list(pages))

    def run() -> None:
        change = apply_transactions(account, next(ready))
        must(change.added == NEW and change.symbols_rebuilt == 0, f"{change.added} were added")

    return run


def _same_from_scratch(*accounts: Account) -> None:
    """Check that going on ended where beginning again does."""
    before = _lots()
    for account in accounts:
        realized.rematch(Account.objects.get(pk=account.pk))
    must(_lots() == before, "lots differ from those matched from scratch")


def _lots() -> list[object]:
    lots = OpenLot.objects.order_by("account_id", "symbol", "id").values_list("symbol", "quantity", "cost")
    closed = RealizedLot.objects.order_by("closed_by_id", "opened_by_id").values_list("quantity", "pl")
    return [*lots, *closed]
