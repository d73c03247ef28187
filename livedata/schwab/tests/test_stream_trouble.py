"""The stream process in trouble: dead processes, one customer twice, no streamer, refusals, lost lines."""

import asyncio

import pytest
from pytest_django import Settings

from livedata.schwab import services
from livedata.schwab.models import BrokerConnection
from livedata.schwab.streamer.fields import EQUITIES
from livedata.schwab.streamer.threads import in_thread
from livedata.schwab.tests.fake_schwab import QUOTES, TOKEN, FakeSchwab
from livedata.schwab.tests.people import FIRST_TOKEN, account_of, change, connected, user
from livedata.schwab.tests.stage import (
    NUMBER,
    TIME,
    Stage,
    aapl,
    marked,
    play,
    quicken,
    state,
    streaming,
    ten_shares,
)
from livedata.schwab.tests.streaming import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture(autouse=True)
def quick(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything happen soon."""
    quicken(settings, monkeypatch)


@pytest.fixture
def connection(schwab: FakeSchwab) -> BrokerConnection:
    """Return a connection with ten shares."""
    return ten_shares(schwab)


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
    services.sync_connection(sibling, "manual")
    for each in (connection, sibling):
        change(each, customer_identity="")  # not known yet: the streamer's own ids tell

    async def work(stage: Stage) -> None:
        stage.start()
        stage.start()
        await streaming(stage, "AAPL")
        accounts = [await in_thread(account_of, each, NUMBER) for each in (connection, sibling)]

        for _ in range(400):
            await stage.streamer.tick(EQUITIES, aapl(101.5))
            if {each["account_id"] for each in stage.messages("marks")} == {each.pk for each in accounts}:
                break
            await asyncio.sleep(0.05)
        else:
            pytest.fail("the accounts of one of them have no marks")
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
