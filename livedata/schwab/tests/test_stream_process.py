"""The stream process as a whole: from a tick to the marks in Redis, and through syncs."""

import asyncio
from decimal import Decimal

import pytest
from pytest_django import Settings

from livedata.schwab import links
from livedata.schwab.models import BrokerConnection, LinkedAccount, SyncRun
from livedata.schwab.streamer.fields import EQUITIES
from livedata.schwab.streamer.threads import in_thread
from livedata.schwab.tests.fake_schwab import FakeSchwab, account, share
from livedata.schwab.tests.people import account_of
from livedata.schwab.tests.stage import (
    NUMBER,
    TIME,
    Stage,
    aapl,
    marked,
    play,
    quicken,
    standing,
    streaming,
    sync,
    ten_shares,
)
from livedata.schwab.tests.streaming import until
from livedata.watchlist.services import set_watchlist

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture(autouse=True)
def quick(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything happen soon, but lose no lease on a busy machine: a stream begun anew misses ticks."""
    quicken(settings, monkeypatch)
    settings.THOR_STREAM_LEASE = 120.0


@pytest.fixture
def connection(schwab: FakeSchwab) -> BrokerConnection:
    """Return a connection with ten shares."""
    return ten_shares(schwab)


def test_a_tick_becomes_a_quote_and_marks_for_all(connection: BrokerConnection, schwab: FakeSchwab) -> None:
    position = account_of(connection, NUMBER)

    async def work(stage: Stage) -> None:
        supervisor = stage.start()
        await streaming(stage, "AAPL")
        await stage.streamer.tick(EQUITIES, aapl(101.5))
        message = await marked(stage, "2015")
        assert (message["account_id"], message["version"], message["seq"]) == (
            position.pk,
            position.version,
            1,
        )
        assert message["rows"][0]["market_value"] == "1015"
        kept = stage.kept_marks(position.pk)
        assert kept is not None
        assert (kept["seq"], kept["balances"]["net_liq"]) == (1, "2015")
        quote = stage.messages("quote")[0]
        assert (quote["symbol"], quote["mark"], quote["source"], quote["halted"]) == (
            "AAPL",
            "101.5",
            "stream",
            False,
        )
        assert stage.store.get("live_quote:AAPL") is not None
        await stage.streamer.tick(EQUITIES, {"key": "AAPL", "32": "Halted"})
        await until(lambda: [each for each in stage.messages("quote") if each["halted"]])
        now = await standing(connection, "streaming", 1)
        assert (now.polled_symbols, now.reason) == ([], "")
        assert now.last_tick_at is not None
        await stage.stop(supervisor)
        assert stage.streamer.asked()[-1] == "ADMIN LOGOUT"
        row = await in_thread(BrokerConnection.objects.get, pk=connection.pk)
        assert (row.stream_lease_owner, row.stream_lease_until) == ("", None)

    play(schwab, work)


def test_after_a_sync_schwabs_figures_win_and_the_difference_is_recorded(
    connection: BrokerConnection, schwab: FakeSchwab
) -> None:
    async def work(stage: Stage) -> None:
        stage.start()
        await streaming(stage, "AAPL")
        await stage.streamer.tick(EQUITIES, aapl(101.5))
        before = await marked(stage, "2015")
        schwab.holds(account(NUMBER, share("AAPL", 10, 101)))
        await sync(connection)
        compared = LinkedAccount.objects.filter(marks_compared_at__isnull=False)
        while not await in_thread(compared.exists):  # noqa: ASYNC110 (a row, not an event)
            await asyncio.sleep(0.05)
        await stage.streamer.tick(EQUITIES, aapl(102))
        after = await marked(stage, "2020")
        # Of the older 101.5 nothing is told any more: Schwab says 101 since, and Δ counts from there.
        assert after["version"] > before["version"]
        assert (after["seq"], after["rows"][0]["mark_price"]) == (1, "102")
        link = await in_thread(LinkedAccount.objects.get)
        assert (link.marked_net_liq, link.marks_off_by) == (Decimal("2015.0000"), Decimal("5.0000"))
        kept = stage.kept_marks(after["account_id"])
        assert kept is not None
        assert (kept["version"], kept["seq"]) == (after["version"], 1)

    play(schwab, work)


def test_the_keys_follow_book_and_watchlist(connection: BrokerConnection, schwab: FakeSchwab) -> None:
    owner = connection.owner

    async def work(stage: Stage) -> None:
        stage.start()
        await streaming(stage, "AAPL")
        await in_thread(set_watchlist, owner, ["$SPX", "AAPL"])
        await until(lambda: "LEVELONE_EQUITIES ADD $SPX" in stage.streamer.asked())
        schwab.holds(account(NUMBER, share("MSFT", 1, 400)))
        await sync(connection)
        await until(lambda: "LEVELONE_EQUITIES ADD MSFT" in stage.streamer.asked())
        assert "LEVELONE_EQUITIES UNSUBS AAPL" not in stage.streamer.asked()  # still watched

    play(schwab, work)


def test_symbols_over_the_cap_are_polled(
    connection: BrokerConnection, schwab: FakeSchwab, settings: Settings
) -> None:
    settings.THOR_STREAM_KEYS = 1
    set_watchlist(connection.owner, ["NVDA"])
    schwab.quotes = {"NVDA": {"quote": {"mark": 5, "quoteTime": TIME}}}

    async def work(stage: Stage) -> None:
        stage.start()
        await streaming(stage, "AAPL")
        await until(lambda: [each for each in stage.messages("quote") if each["symbol"] == "NVDA"])
        now = await standing(connection, "streaming", 1)
        assert now.polled_symbols == ["NVDA"]

    play(schwab, work)


def test_activity_causes_a_sync_with_orders(connection: BrokerConnection, schwab: FakeSchwab) -> None:
    async def work(stage: Stage) -> None:
        stage.start()
        await streaming(stage, "AAPL")
        schwab.holds(account(NUMBER, share("AAPL", 20, 100)))
        event = {"key": "Account Activity", "seq": 2, "1": NUMBER, "2": "OrderAccepted"}
        await stage.streamer.tick("ACCT_ACTIVITY", event)
        runs = SyncRun.objects.filter(trigger="stream", ended_at__isnull=False)
        while not await in_thread(runs.filter(kind="orders").exists):  # noqa: ASYNC110 (a row, not an event)
            await asyncio.sleep(0.05)
        assert stage.messages("positions")

    play(schwab, work)


def test_disconnecting_ends_the_stream(connection: BrokerConnection, schwab: FakeSchwab) -> None:
    async def work(stage: Stage) -> None:
        supervisor = stage.start()
        await streaming(stage, "AAPL")
        await in_thread(links.disconnect, connection)
        await until(lambda: stage.streamer.asked()[-1] == "ADMIN LOGOUT")
        await until(lambda: not supervisor.keepers)

    play(schwab, work)
