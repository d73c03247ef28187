"""Every end of a connection by its name: refused, taken over, cut, silent, unanswered, said goodbye to."""

import asyncio

import pytest
from pytest_django import Settings

from livedata.schwab.tests.streaming import SILENT, until
from livedata.schwab.tests.talk import Talk, answers, run


@pytest.mark.parametrize(
    ("code", "end"),
    [(3, "denied"), (9, "failed"), (12, "taken_over"), (20, "not_found"), (30, "stopped"), (21, "failed")],
)
def test_a_login_that_fails_ends_it_by_its_reason(code: int, end: str) -> None:
    async def work(talk: Talk) -> None:
        assert await talk.end() == end
        assert talk.streamer.asked() == ["ADMIN LOGIN"]
        assert talk.ups == 0

    run(work, answers(LOGIN=code))


def test_a_command_before_login_counts_is_the_end() -> None:
    async def work(talk: Talk) -> None:
        talk.want("AAPL")
        assert await talk.end() == "not_found"

    run(work, answers(**{"LEVELONE_EQUITIES SUBS": 20}))


@pytest.mark.parametrize(("code", "end"), [(12, "taken_over"), (30, "stopped")])
def test_the_servers_own_word_names_the_end(code: int, end: str) -> None:
    async def work(talk: Talk) -> None:
        await until(lambda: talk.session.up)
        await talk.streamer.notify(code)
        assert await talk.end() == end

    run(work)


def test_a_cut_line_is_lost() -> None:
    async def work(talk: Talk) -> None:
        await until(lambda: talk.session.up)
        await talk.streamer.drop()
        assert await talk.end() == "lost"

    run(work)


def test_nobody_there_is_unreachable() -> None:
    async def work(talk: Talk) -> None:
        assert await talk.end() == "unreachable"

    run(work, lambda streamer: setattr(streamer, "url", "ws://127.0.0.1:9/ws"))


def test_silence_ends_it_and_heartbeats_keep_it(settings: Settings) -> None:
    settings.THOR_STREAM_SILENCE = 0.5

    async def work(talk: Talk) -> None:
        await until(lambda: talk.session.up)
        for _ in range(10):
            await talk.streamer.send({"notify": [{"heartbeat": "1"}]})
            await asyncio.sleep(0.1)
        assert talk.session.up
        assert await talk.end() == "silent"

    run(work)


def test_a_command_without_an_answer_ends_it(settings: Settings) -> None:
    settings.THOR_STREAM_ANSWER = 0.2

    async def work(talk: Talk) -> None:
        assert await talk.end() == "no_answer"

    run(work, answers(LOGIN=SILENT))


def test_logout_is_said_and_waited_for_briefly() -> None:
    async def work(talk: Talk) -> None:
        await until(lambda: talk.session.up)
        await talk.session.logout()
        assert talk.streamer.asked()[-1] == "ADMIN LOGOUT"
        assert await talk.end() == "lost"
        await talk.session.logout()  # harmless once it is over

    run(work)
