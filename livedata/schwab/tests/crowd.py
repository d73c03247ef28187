"""Writers that give a database no rest: syncs, orders, and a browser that signs in and changes its watchlist."""

import time
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection, connections
from django.test import Client
from msgspec import Struct

JSON = "application/json"


class Score(Struct):
    """How one writer fared: what it did, what went wrong, and its longest piece of work and single wait, in seconds."""

    done: int = 0
    longest: float = 0.0
    waited: float = 0.0
    errors: list[str] = []

    def timed(self, execute: Callable[..., Any], *statement: Any) -> Any:
        """Send a statement, noting how long the database let it wait; the lock is waited for at BEGIN."""
        began = time.monotonic()
        try:
            return execute(*statement)
        finally:
            self.waited = max(self.waited, time.monotonic() - began)


def syncing(connection_id: int) -> Callable[[], str | None]:
    """Sync all accounts, as a worker does; return what went wrong."""
    from livedata.schwab import tasks

    def work() -> str | None:
        end = tasks.sync_connection(connection_id, "manual")
        return None if end in ("ok", "unchanged") else end

    return work


def ordering(connection_id: int) -> Callable[[], str | None]:
    """Bring the order list alone."""
    from livedata.schwab import leases
    from livedata.schwab.client import SchwabTraderAPI
    from livedata.schwab.models import BrokerConnection
    from livedata.schwab.ordersync import sync_orders

    row = BrokerConnection.objects.get(pk=connection_id)

    def work() -> str | None:
        lease = leases.take_sync(connection_id)
        if lease is None:
            return "the lease was taken"
        try:
            run = sync_orders(row, SchwabTraderAPI(row), lease, "manual")
        finally:
            leases.release_sync(lease)
        return None if run.outcome in ("ok", "unchanged") else run.outcome

    return work


def browsing(connection_id: int) -> Callable[[], str | None]:
    """Sign in, change the watchlist, look, sign out; each is a request that writes or reads the session."""
    from livedata.schwab.models import BrokerConnection

    owner = BrokerConnection.objects.get(pk=connection_id).owner
    symbols = [["NVDA", "AAPL"], ["MSFT"]]

    def work() -> str | None:
        symbols.reverse()
        client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
        client.force_login(owner)
        answers = [
            client.put("/api/livedata/watchlist/", {"symbols": symbols[0]}, JSON),
            client.get("/api/actandpos/accounts/"),
            client.post("/api/auth/logout/", content_type=JSON),
        ]
        bad = [
            f"{answer.status_code} {answer.content[:80]!r}" for answer in answers if answer.status_code >= 400
        ]
        return ", ".join(bad) or None

    return work


KINDS = {"sync": syncing, "orders": ordering, "browser": browsing}


def write(kind: str, seconds: float, connection_id: int) -> dict[str, Any]:
    """Work without a pause for so long; a connection to the database for each piece of work, as in production."""
    work, score = KINDS[kind](connection_id), Score()
    connection.execute_wrappers.append(score.timed)
    ends = time.monotonic() + seconds
    while (began := time.monotonic()) < ends:
        try:
            wrong = work()
        except DatabaseError as error:
            wrong = f"{type(error).__name__}: {error}"
        connections.close_all()
        score.done += wrong is None
        score.errors += [wrong] if wrong else []
        score.longest = max(score.longest, time.monotonic() - began)
    return {
        "done": score.done,
        "longest": round(score.longest, 3),
        "waited": round(score.waited, 3),
        "errors": score.errors[:5],
    }
