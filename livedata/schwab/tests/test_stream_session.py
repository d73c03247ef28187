"""One connection: LOGIN first, one command at a time, every code as the reference says."""

import logging
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from livedata.quotes import Board
from livedata.schwab.streamer.fields import EQUITIES, OPTIONS
from livedata.schwab.tests.streaming import until
from livedata.schwab.tests.talk import Talk, answers, run

NUMBER = "31415926"
CALL = "AAPL  260918C00220000"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def test_it_logs_in_before_anything_else_and_sends_one_command_at_a_time() -> None:
    async def work(talk: Talk) -> None:
        talk.want("AAPL,MSFT", CALL)
        await talk.asked("LEVELONE_EQUITIES SUBS AAPL,MSFT", f"LEVELONE_OPTIONS SUBS {CALL}")
        assert talk.streamer.commands[0]["parameters"]["Authorization"] == "I0.canary@"
        await until(lambda: talk.session.keys == {EQUITIES: ["AAPL", "MSFT"], OPTIONS: [CALL]})
        assert (talk.streamer.most_waiting, talk.ups, talk.session.up) == (1, 1, True)

    run(work)


def test_keys_follow_what_is_wanted() -> None:
    async def work(talk: Talk) -> None:
        talk.want("AAPL,MSFT")
        await until(lambda: talk.session.keys[EQUITIES] == ["AAPL", "MSFT"])
        talk.want("MSFT,NVDA", CALL)
        await until(lambda: talk.session.keys == {EQUITIES: ["MSFT", "NVDA"], OPTIONS: [CALL]})
        talk.want("MSFT,NVDA", CALL)
        talk.want("", CALL)
        await until(lambda: talk.session.keys[EQUITIES] == [])
        talk.want("TSLA", CALL)
        await talk.asked(
            "LEVELONE_EQUITIES SUBS AAPL,MSFT",
            "LEVELONE_EQUITIES UNSUBS AAPL",
            "LEVELONE_EQUITIES ADD NVDA",
            f"LEVELONE_OPTIONS SUBS {CALL}",
            "LEVELONE_EQUITIES UNSUBS MSFT,NVDA",
            "LEVELONE_EQUITIES SUBS TSLA",
        )

    run(work)


def test_changes_are_merged_into_whole_quotes() -> None:
    async def work(talk: Talk) -> None:
        board = Board()
        talk.want("AAPL", CALL)
        await until(lambda: talk.session.keys[OPTIONS])
        first = {"key": "AAPL", "1": 211.38, "33": 211.4, "34": 1778768999910, "32": "Normal", "77": "new"}
        await talk.streamer.tick(EQUITIES, first)
        await talk.streamer.tick(EQUITIES, {"key": "AAPL", "33": 211.43}, {"no": "key"})
        await talk.streamer.tick(OPTIONS, {"key": CALL, "37": 2.5, "33": "Halted"})
        await talk.streamer.tick("CHART_EQUITY", {"key": "AAPL", "1": 209})
        await until(lambda: talk.session.ticks.count == 4)
        assert talk.ticked == 4
        talk.session.ticks.take(board, NOW, "a stream")
        share, option = board.quotes["AAPL"], board.quotes[CALL]
        assert (share.bid, share.mark, share.status) == (Decimal("211.38"), Decimal("211.43"), "Normal")
        assert share.quote_time == datetime(2026, 5, 14, 14, 29, 59, 910000, UTC)
        assert (option.mark, option.status, option.source) == (Decimal("2.5"), "Halted", "stream")
        assert (set(board.held()), board.changed) == ({"AAPL", CALL}, {"AAPL", CALL})
        talk.want("", CALL)
        await until(lambda: not talk.session.keys[EQUITIES])
        talk.session.ticks.take(board, NOW, "a stream")
        assert board.held() == [CALL]

    run(work)


@pytest.mark.parametrize("code", [0, 26, 27, 28, 29])
def test_every_documented_success_is_one(code: int) -> None:
    async def work(talk: Talk) -> None:
        talk.want("AAPL")
        await until(lambda: talk.session.keys[EQUITIES] == ["AAPL"])
        assert talk.session.caps[EQUITIES] == 500

    run(work, answers(LOGIN=code, SUBS=[code, code]))


def test_keys_beyond_the_servers_cap_are_given_up() -> None:
    words = "You've reached the maximum number of symbols allowed. (LEVELONE_EQUITIES=2, DISCARDED=2)"

    async def work(talk: Talk) -> None:
        talk.want("A,B,C,D")
        await until(lambda: talk.session.caps[EQUITIES] == 2)
        assert talk.session.keys[EQUITIES] == ["A", "B"]
        assert talk.session.caps[OPTIONS] == 500

    run(work, answers(**{"LEVELONE_EQUITIES SUBS": [(19, words)]}))


def test_a_failed_command_is_tried_once_more_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livedata.schwab.streamer.session.RETRY_SECONDS", 0.01)

    async def work(talk: Talk) -> None:
        talk.want("AAPL")
        await talk.asked("LEVELONE_EQUITIES SUBS AAPL", "LEVELONE_EQUITIES SUBS AAPL")
        await until(lambda: talk.session.keys[EQUITIES] == ["AAPL"])
        talk.want("AAPL,MSFT")
        await until(lambda: talk.session.caps[EQUITIES] == 1)
        assert talk.session.keys[EQUITIES] == ["AAPL"]

    run(work, answers(**{"LEVELONE_EQUITIES SUBS": 22, "LEVELONE_EQUITIES ADD": [24, 24]}))


@pytest.mark.parametrize("code", [11, 21])
def test_a_service_that_is_not_there_is_not_asked_again(code: int) -> None:
    async def work(talk: Talk) -> None:
        talk.want("AAPL", CALL)
        await until(lambda: talk.session.keys[OPTIONS])
        assert (talk.session.caps[EQUITIES], talk.session.keys[EQUITIES]) == (0, [])
        await talk.asked("LEVELONE_EQUITIES SUBS AAPL", f"LEVELONE_OPTIONS SUBS {CALL}")

    run(work, answers(**{"LEVELONE_EQUITIES SUBS": code}))


def test_a_frame_that_cannot_be_read_is_left_out() -> None:
    async def work(talk: Talk) -> None:
        await until(lambda: talk.session.up)
        for socket in talk.streamer.sockets:
            await socket.send("<html>")
            await socket.send(b"\xff\x00")
        await talk.streamer.tick(EQUITIES, {"key": "AAPL", "33": 1.5})
        await until(lambda: talk.session.ticks.count == 1)

    run(work)


def test_activity_is_only_a_trigger_and_no_account_number_leaves_the_frame(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("websockets.server").setLevel(logging.ERROR)  # the test's own end

    async def work(talk: Talk) -> None:
        await until(lambda: talk.session.up)
        await talk.streamer.tick("ACCT_ACTIVITY", {"seq": 1, "key": "Account Activity", "2": "SUBSCRIBED"})
        event = {
            "seq": 2,
            "key": "Account Activity",
            "1": NUMBER,
            "2": "OrderAccepted",
            "3": f'{{"A":"{NUMBER}"}}',
        }
        await talk.streamer.tick("ACCT_ACTIVITY", event)
        await until(lambda: talk.activities)
        assert talk.activities == 1
        await talk.streamer.tick(
            "ACCT_ACTIVITY", event | {"seq": 3}, {"key": NUMBER, "2": "ERROR", "3": NUMBER}
        )
        await talk.streamer.send({"data": [{"service": "ACCT_ACTIVITY", "content": NUMBER}]})
        await until(lambda: talk.activities == 2)
        await talk.streamer.tick(EQUITIES, {"key": "AAPL"})
        await until(lambda: talk.session.ticks.count)
        assert talk.session.ticks.count == 1

    run(work)
    assert NUMBER not in caplog.text
    assert "canary" not in caplog.text
