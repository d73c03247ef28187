"""The streamer's connection: LOGIN and its refusals, response codes, one per customer, heartbeats and every ending."""

import contextlib
import json
import re
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect

from simulator.tests.conftest import Wire
from simulator.tests.streaming import ACTIVITY, EQUITIES, Row, Stream, connections, streaming


def test_login_and_the_form_of_its_answer(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire, login=False) as stream:
        request = stream.request("ADMIN", "LOGIN", Authorization=stream.token)
        stream.socket.send(json.dumps({**request, "requestid": 7}))
        (row,) = stream.receive()["response"]
        assert list(row) == [
            "service",
            "command",
            "requestid",
            "SchwabClientCorrelId",
            "timestamp",
            "content",
        ]
        assert (row["service"], row["command"], row["requestid"]) == ("ADMIN", "LOGIN", "7")
        assert row["SchwabClientCorrelId"] == stream.info["schwabClientCorrelId"]
        assert row["timestamp"] == 1_795_539_600_000
        assert row["content"]["code"] == 0
        assert re.fullmatch(r"server=[\w.-]+;status=NP", row["content"]["msg"])
        assert [item["login"] for item in connections(wire)] == ["demo"]


@pytest.mark.parametrize("wrong", ["unknown", "bearer", "expired", "app", "customer"])
def test_a_refused_login_ends_the_connection(wire: Wire, wrong: str) -> None:
    wire.sign_in()
    with streaming(wire, login=False) as stream:
        token = {
            "unknown": "I0.nobody@",
            "bearer": f"Bearer {stream.token}",
            "app": wire.token(grant_type="client_credentials").json()["access_token"],
        }.get(wrong, stream.token)
        if wrong == "expired":
            wire.control("clock", advance_seconds=1801)
        if wrong == "customer":
            stream.info["schwabClientCustomerId"] = "0" * 64
        assert stream.login(Authorization=token) == {
            "code": 3,
            "msg": "Login Denied.: token is invalid or has expired.",
        }
        assert stream.until_closed().rcvd is not None


def test_commands_need_a_login_and_its_ids(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire, login=False) as stream:
        early = stream.ask(EQUITIES, "SUBS", keys="AAPL", fields="0,3")
        assert (early["code"], early["msg"]) == (20, "STREAM CONNECTION NOT FOUND - Please login again.")
        assert stream.login()["code"] == 0
        good = stream.info["schwabClientCorrelId"]
        stream.info["schwabClientCorrelId"] = "changed"
        assert stream.ask(EQUITIES, "SUBS", keys="AAPL", fields="0,3")["code"] == 20
        stream.info["schwabClientCorrelId"] = good
        assert stream.ask(EQUITIES, "SUBS", keys="AAPL", fields="0,3")["code"] == 0


def test_each_request_of_a_frame_is_answered_by_itself(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire, login=False) as stream:
        stream.send(
            stream.request("ADMIN", "LOGIN", Authorization=stream.token),
            stream.request("CHART_EQUITY", "SUBS", keys="AAPL", fields="0,1"),
            stream.request(ACTIVITY, "ADD", keys="x", fields="0,1,2,3"),
            stream.request(EQUITIES, "DANCE", keys="AAPL", fields="0,1"),
            stream.request(EQUITIES, "SUBS", keys="", fields="0,1"),
            stream.request(EQUITIES, "SUBS", keys="AAPL", fields="bid"),
            stream.request("ADMIN", "SING"),
        )
        assert [stream.answer()["code"] for _ in range(7)] == [0, 11, 24, 21, 21, 21, 21]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"requests": {}}', '{"requests": []}', '{"requests": [{"service": 1}]}', '"LOGIN"'],
)
def test_what_cannot_be_read_is_a_bad_command(wire: Wire, text: str) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        stream.socket.send(text)
        assert stream.answer()["code"] == 21
        assert stream.ask(EQUITIES, "SUBS", keys="AAPL", fields="0,3")["code"] == 0


def test_a_second_login_ends_the_first_and_no_other(wire: Wire) -> None:
    wire.sign_in("other")
    with streaming(wire) as other:
        wire.sign_in()
        with streaming(wire) as first, streaming(wire) as second:
            ending = first.until_closed()
            assert first.notices[-1]["content"]["code"] == 12
            assert first.notices[-1]["service"] == "Invalid Service"
            assert ending.rcvd is not None
            for stream in (second, other):
                assert stream.ask(EQUITIES, "SUBS", keys="AAPL", fields="0,3")["code"] == 0
            assert sorted(item["login"] for item in connections(wire)) == ["demo", "other"]


def test_taken_over_by_control(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        wire.control("stream", take_over="other")
        assert stream.ask(EQUITIES, "SUBS", keys="AAPL", fields="0,3")["code"] == 0
        wire.control("stream", take_over="demo")
        stream.until_closed()
        assert stream.notices[-1]["content"]["code"] == 12


def test_dropped_without_a_word(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        wire.control("stream", drop=True)
        ending = stream.until_closed()
        assert isinstance(ending, ConnectionClosedError)
        assert ending.rcvd is None
        assert stream.notices == []
    assert connections(wire) == []


def spoken(stream: Stream) -> list[Row]:
    """The notices that still come until nothing comes any more."""
    stream.notices.clear()
    with contextlib.suppress(TimeoutError):
        while True:
            stream.receive(timeout=0.3)
    return stream.notices


def test_heartbeats_and_silence(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        wire.control("stream", heartbeat_seconds=0.02, tick_seconds=0.02)
        stream.until(lambda: len(stream.notices) == 3)
        assert stream.notices[0] == {"heartbeat": "1795539600000"}
        wire.control("stream", silence=60)
        wire.control("clock", advance_seconds=1)
        # What was on its way when the silence began is older than the clock's jump.
        assert {row["heartbeat"] for row in spoken(stream)} <= {"1795539600000"}
        assert connections(wire)[0]["login"] == "demo"
        wire.control("stream", silence=0.01)
        stream.until(lambda: {"heartbeat": "1795539601000"} in stream.notices)


def test_the_idle_are_closed_and_subscribers_are_not(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        assert stream.ask(EQUITIES, "SUBS", keys="AAPL", fields="0,3")["code"] == 0
        wire.control("stream", idle_seconds=0.05, tick_seconds=0.02, heartbeat_seconds=0.02)
        stream.until(lambda: len(stream.notices) >= 10)
        assert stream.ask(EQUITIES, "UNSUBS", keys="AAPL")["code"] == 0
        stream.until_closed()
        assert stream.notices[-1] == {
            "service": "ADMIN",
            "timestamp": 1_795_539_600_000,
            "content": {"code": 30, "msg": "Stop streaming due to empty subscription"},
        }


def test_logout(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        assert stream.ask("ADMIN", "LOGOUT") == {"code": 0, "msg": "SUCCESS"}
        assert stream.until_closed().rcvd is not None


def test_no_streamer_and_a_closed_door(wire: Wire) -> None:
    wire.sign_in()
    wire.control("stream", empty_streamer_info=True)
    assert wire.get("/trader/v1/userPreference").json()["streamerInfo"] == []
    wire.control("stream", empty_streamer_info=False)
    url = wire.get("/trader/v1/userPreference").json()["streamerInfo"][0]["streamerSocketUrl"]
    assert url == wire.base.replace("http", "ws") + "/ws"
    wire.control("off", paths=["/ws"])
    with pytest.raises(InvalidStatus, match="403"):
        connect(url)
    counted = wire.http.get(f"{wire.base}/_control/calls", timeout=10).json()["routes"]
    assert counted["WS /ws"] == 1


@pytest.mark.parametrize(
    "wish", [{"tick_seconds": 0}, {"burst": 0}, {"silence": "long"}, {"dorp": True}, {"flood": None}]
)
def test_unreadable_wishes_are_refused(wire: Wire, wish: dict[str, Any]) -> None:
    assert wire.http.post(f"{wire.base}/_control/stream", json=wish, timeout=10).status_code == 400
