"""The stream process as a whole: from a tick to the marks in Redis, through syncs, failures and takeovers."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from livedata.schwab import links
from livedata.schwab.models import BrokerConnection, LinkedAccount, SyncRun
from livedata.schwab.streamer.fields import EQUITIES
from livedata.schwab.streamer.threads import in_thread
from livedata.schwab.tests.fake_schwab import FIVE, QUOTES, TOKEN, FakeSchwab, account, share
from livedata.schwab.tests.people import FIRST_TOKEN, account_of, change, connected, user
from livedata.schwab.tests.stage import Stage, play, state, sync
from livedata.schwab.tests.streaming import until
from livedata.watchlist.services import set_watchlist

NUMBER, OTHER = FIVE[:2]
TIME = 1795532400000  # 2026-11-24, 15:00 UTC
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture(autouse=True)
def quick(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything happen soon."""
    settings.THOR_STREAM_LOOK, settings.THOR_STREAM_LEASE = 0.1, 2.0
    settings.THOR_FLUSH_PER_SECOND, settings.THOR_STREAM_DEBOUNCE = 20.0, 0.05
    settings.THOR_QUOTE_SECONDS = dict.fromkeys(settings.THOR_QUOTE_SECONDS, 0.2)
    monkeypatch.setattr("livedata.schwab.streamer.backoff.SHORTEST", 0.05)
    monkeypatch.setattr("livedata.schwab.streamer.keeper.FIRST_POLL", 0.3)
    monkeypatch.setattr("livedata.schwab.streamer.flusher.HOUSEKEEPING", 0.1)
    monkeypatch.setattr("livedata.schwab.streamer.books.LOOK", 0.3)
    settings.THOR_STREAM_FIRST_PAUSE = 0.1


@pytest.fixture
def connection(schwab: FakeSchwab) -> BrokerConnection:
    """Return a connection with one account: 10 AAPL worth 1,000 and 1,000 in cash."""
    schwab.holds(account(NUMBER, share("AAPL", 10, 100)))
    connection = connected(numbers=[NUMBER])
    from livedata.schwab import services

    services.sync_connection(connection, "manual")
    return connection


def aapl(mark: float, **more: Any) -> dict[str, Any]:
    """Return a change of AAPL."""
    return {"key": "AAPL", "33": mark, "34": TIME, "35": TIME, "32": "Normal", **more}


async def streaming(stage: Stage, *keys: str) -> None:
    """Wait until these keys are subscribed."""
    wanted = f"LEVELONE_EQUITIES SUBS {','.join(keys)}"
    await until(lambda: wanted in stage.streamer.asked())


async def marked(stage: Stage, net_liq: str) -> dict[str, Any]:
    """Wait until marks with this net liq are published; return the message."""
    return await until(
        lambda: next(
            (each for each in stage.messages("marks") if each["balances"].get("net_liq") == net_liq), None
        )
    )


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
        (quote,) = stage.messages("quote")
        assert (quote["symbol"], quote["mark"], quote["source"], quote["halted"]) == (
            "AAPL",
            "101.5",
            "stream",
            False,
        )
        assert stage.store.get("live_quote:AAPL") is not None
        await stage.streamer.tick(EQUITIES, {"key": "AAPL", "32": "Halted"})
        await until(lambda: [each for each in stage.messages("quote") if each["halted"]])
        await until(lambda: stage.store.exists(f"live_stream:{connection.pk}"))
        await until(lambda: b"streaming" in (stage.store.get(f"live_stream:{connection.pk}") or b""))
        now = await state(connection)
        assert (now.state, now.symbols, now.polled_symbols, now.reason) == ("streaming", 1, [], "")
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
        after = await until(
            lambda: next(
                (each for each in stage.messages("marks") if each["version"] > before["version"]), None
            )
        )
        # Schwab says 101, the stream still 101.5: Δ counts from Schwab's new figure.
        assert (after["seq"], after["balances"]["net_liq"]) == (1, "2015")
        link = await in_thread(LinkedAccount.objects.get)
        assert (link.marked_net_liq, link.marks_off_by) == (Decimal("2015.0000"), Decimal("5.0000"))
        assert link.marks_compared_at is not None
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


def test_a_dead_processs_users_move_and_their_marks_go_on(
    connection: BrokerConnection, schwab: FakeSchwab
) -> None:
    async def work(stage: Stage) -> None:
        first = stage.start()
        await streaming(stage, "AAPL")
        await stage.streamer.tick(EQUITIES, aapl(101.5))
        await marked(stage, "2015")
        second = stage.start()
        await stage.kill(first)
        assert not second.keepers
        await until(lambda: second.keepers and stage.streamer.logins == 2)
        await until(lambda: len([each for each in stage.streamer.asked() if "SUBS AAPL" in each]) == 2)
        await stage.streamer.tick(EQUITIES, aapl(102, **{"34": TIME + 1}))
        message = await marked(stage, "2020")
        assert message["seq"] == 2

    play(schwab, work)


def test_one_customer_of_two_users_is_streamed_once_for_both(
    connection: BrokerConnection, schwab: FakeSchwab
) -> None:
    sibling = connected(user("partner"), numbers=[NUMBER])
    from livedata.schwab import services

    services.sync_connection(sibling, "manual")
    for each in (connection, sibling):
        change(each, customer_identity="")  # not known yet: the streamer's own ids tell

    async def work(stage: Stage) -> None:
        stage.start()
        stage.start()
        await streaming(stage, "AAPL")
        accounts = [await in_thread(account_of, each, NUMBER) for each in (connection, sibling)]

        async def both() -> set[int]:
            await stage.streamer.tick(EQUITIES, aapl(101.5))
            return {each["account_id"] for each in stage.messages("marks")}

        while await both() != {each.pk for each in accounts}:
            await until(lambda: True)
        assert len(stage.streamer.sockets) == 1

    play(schwab, work)


def test_without_a_streamer_quotes_are_polled_and_the_screen_is_told(
    connection: BrokerConnection, schwab: FakeSchwab
) -> None:
    schwab.quotes = {
        "AAPL": {"quote": {"mark": 101.5, "quoteTime": TIME, "securityStatus": "Normal"}},
        "errors": {"invalidSymbols": ["X"]},
    }

    async def work(stage: Stage) -> None:
        schwab.queue.clear()  # the plain answer names no socket address
        stage.start()
        await marked(stage, "2015")
        (quote,) = stage.messages("quote")
        assert quote["source"] == "poll"
        await until(lambda: b"polling" in (stage.store.get(f"live_stream:{connection.pk}") or b""))
        now = await state(connection)
        assert (now.symbols, now.polled_symbols) == (0, ["AAPL"])
        assert now.reason == "Schwab offers no streamer for this login."
        assert schwab.calls[QUOTES] >= 1
        assert not stage.streamer.commands

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
        await until(lambda: b"NVDA" in (stage.store.get(f"live_stream:{connection.pk}") or b""))
        now = await state(connection)
        assert (now.state, now.symbols, now.polled_symbols) == ("streaming", 1, ["NVDA"])

    play(schwab, work)


def test_a_denied_login_gets_a_fresh_token(connection: BrokerConnection, schwab: FakeSchwab) -> None:
    async def work(stage: Stage) -> None:
        stage.streamer.codes["LOGIN"].append((3, "Login Denied.: token is invalid or has expired."))
        stage.start()
        await streaming(stage, "AAPL")
        given = [
            each["parameters"]["Authorization"]
            for each in stage.streamer.commands
            if each["command"] == "LOGIN"
        ]
        assert given == [FIRST_TOKEN, "canary-access-1@"]
        assert schwab.calls[TOKEN] == 1

    play(schwab, work)


def test_activity_causes_one_sync_with_orders(connection: BrokerConnection, schwab: FakeSchwab) -> None:
    async def work(stage: Stage) -> None:
        stage.start()
        await streaming(stage, "AAPL")
        schwab.holds(account(NUMBER, share("AAPL", 20, 100)))
        events = [
            {"key": "Account Activity", "seq": each, "1": NUMBER, "2": "OrderAccepted"} for each in (2, 3, 4)
        ]
        for event in events:
            await stage.streamer.tick("ACCT_ACTIVITY", event)
        runs = SyncRun.objects.filter(trigger="stream", ended_at__isnull=False)
        while not await in_thread(runs.filter(kind="orders").exists):  # noqa: ASYNC110 (a row, not an event)
            await asyncio.sleep(0.05)
        assert stage.messages("positions")
        assert await in_thread(runs.filter(kind="accounts").count) < len(events)

    play(schwab, work)


def test_disconnecting_ends_the_stream(connection: BrokerConnection, schwab: FakeSchwab) -> None:
    async def work(stage: Stage) -> None:
        supervisor = stage.start()
        await streaming(stage, "AAPL")
        await in_thread(links.disconnect, connection)
        await until(lambda: stage.streamer.asked()[-1] == "ADMIN LOGOUT")
        assert not supervisor.keepers

    play(schwab, work)


def test_a_lost_line_is_opened_again(connection: BrokerConnection, schwab: FakeSchwab) -> None:
    async def work(stage: Stage) -> None:
        stage.start()
        await streaming(stage, "AAPL")
        await stage.streamer.tick(EQUITIES, aapl(101.5))
        await marked(stage, "2015")
        await stage.streamer.drop()
        await until(lambda: stage.streamer.logins == 2)
        await until(lambda: len([each for each in stage.streamer.asked() if "SUBS AAPL" in each]) == 2)
        await stage.streamer.tick(EQUITIES, aapl(102, **{"34": TIME + 1}))
        assert (await marked(stage, "2020"))["seq"] == 2

    play(schwab, work)
