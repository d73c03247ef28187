"""One sync of 5 accounts against the stand-in Schwab, a process of its own: what it asks and what it writes."""

import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection as database_connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actandpos.models import Account, Position
from bench import database
from bench.ratio import Line, best, must, show
from livedata.schwab import services
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.tests.standin import StandIn, standing_in

OPEN = "2026-11-20T15:00:00Z"
LIST, ROUNDS, MINUTE = "GET /trader/v1/accounts", 8, 60
WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, standing_in(Path(folder) / "log") as schwab:
        settings.SCHWAB_BASE_URL = schwab.url
        schwab.control("clock", freeze=True, set=OPEN)
        connection = _connected(schwab)
        unchanged = _unchanged(schwab, connection)
        changed = _changed(schwab, connection)
        api = SchwabTraderAPI(connection)

        def moved() -> None:
            schwab.control("clock", advance_seconds=MINUTE)
            _sync(connection)

        call, still, moving, clock = best(
            [
                api.fetch_accounts,
                lambda: _sync(connection),
                moved,
                lambda: schwab.control("clock", advance_seconds=0),
            ],
            rounds=ROUNDS,
        )
    rows = Position.objects.count()
    floor = f"the bare HTTP call, {call * 1e3:.0f} ms"
    counted = "counted by the stand-in"
    written = "statements looked through, every row read again"
    show(
        f"Sync on {database.vendor()}: 5 accounts, {rows:,} positions",
        [
            Line("HTTP calls of a sync", unchanged.http_calls, 1.0, "1 call", counted),
            Line(
                "position rows that an unchanged sync writes", unchanged.rows_written, 0.0, "1 row", written
            ),
            Line(
                "position rows that a minute of the market changes",
                changed.rows_written,
                None,
                "1 row",
                written,
            ),
            Line("an unchanged sync", still / call, None, floor, "outcome unchanged"),
            Line("a sync after a minute of the market", (moving - clock) / call, None, floor, "outcome ok"),
        ],
    )


def _connected(schwab: StandIn) -> BrokerConnection:
    """Return the connection of a user who has walked Schwab's sign-in."""
    client = Client()
    client.force_login(User.objects.create_user("sync"))
    back = schwab.sign_in(client.get("/api/schwab/oauth/start/")["Location"])
    answer = parse_qs(urlsplit(client.get(back)["Location"]).query)
    must(answer.get("schwab") == ["connected"], f"the login ended with {answer}")
    must(Account.objects.count() == 5, "there are not five accounts")
    return BrokerConnection.objects.get()


def _sync(connection: BrokerConnection) -> SyncRun:
    """Sync once."""
    run = services.sync_connection(connection, "manual")
    if run is None or run.outcome not in ("ok", "unchanged"):
        raise SystemExit(f"the sync ended with {run and run.reason}")
    return run


def _unchanged(schwab: StandIn, connection: BrokerConnection) -> SyncRun:
    """Return a sync while nothing moves, after looking at what it asked and wrote."""
    _sync(connection)
    before = list(Position.objects.order_by("id").values())
    schwab.control("calls/reset")
    with CaptureQueriesContext(database_connection) as queries:
        run = _sync(connection)
    table = Position._meta.db_table
    touching = [each["sql"] for each in queries if table in each["sql"] and _writes(each["sql"])]
    must(run.outcome == "unchanged", "the sync changed something")
    must(not touching, f"{len(touching)} statements write positions")
    must(list(Position.objects.order_by("id").values()) == before, "a row differs")
    must(schwab.calls(LIST) == run.http_calls == 1, f"{schwab.calls(LIST)} calls")
    checked = Account.objects.filter(checked_at__gte=run.started_at - timedelta(seconds=1)).count()
    must(checked == 5 and run.started_at <= timezone.now(), "an account was left out")
    return run


def _changed(schwab: StandIn, connection: BrokerConnection) -> SyncRun:
    """Return a sync after the market has moved."""
    before = dict(Position.objects.values_list("id", "digest"))
    schwab.control("clock", advance_seconds=MINUTE)
    run = _sync(connection)
    after = dict(Position.objects.values_list("id", "digest"))
    moved = sum(before.get(id) != digest for id, digest in after.items())
    must(
        run.http_calls == 1 and run.rows_written == moved > 0,
        f"{run.rows_written} rows written, {moved} moved",
    )
    return run


def _writes(statement: str) -> bool:
    """Tell whether a statement writes; many of a kind are shown as `10 times: …`."""
    return any(word in statement for word in WRITES)
