"""The streamer's frames: what Thor sends is what the reference writes, and figures are exact from the text."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from livedata.schwab.streamer import fields, frames

DOOR = frames.Door(
    streamer_socket_url="wss://streamer.example/ws",
    schwab_client_customer_id="customer-1",
    schwab_client_correl_id="correl-1",
    schwab_client_channel="N9",
    schwab_client_function_id="APIAPP",
)
HEAD = {"SchwabClientCustomerId": "customer-1", "SchwabClientCorrelId": "correl-1"}


def sent(text: bytes) -> dict[str, object]:
    """Return the one request in a message."""
    (request,) = json.loads(text)["requests"]
    return dict(request)


def test_login_carries_the_raw_token_and_the_ids() -> None:
    number, text = frames.Requests(DOOR).login("I0.token@")
    parameters = {
        "Authorization": "I0.token@",
        "SchwabClientChannel": "N9",
        "SchwabClientFunctionId": "APIAPP",
    }
    request = {"requestid": "0", "service": "ADMIN", "command": "LOGIN", "parameters": parameters}
    assert number == "0"
    assert sent(text) == request | HEAD


def test_every_request_has_its_own_number_and_ascending_fields() -> None:
    requests = frames.Requests(DOOR)
    made = [
        requests.subscribe(fields.EQUITIES, ["AAPL", "$SPX"]),
        requests.add(fields.OPTIONS, ["AAPL  260918C00220000"]),
        requests.view(fields.OPTIONS),
        requests.unsubscribe(fields.EQUITIES, ["AAPL"]),
        requests.activity(),
        requests.logout(),
    ]
    assert [number for number, _ in made] == ["0", "1", "2", "3", "4", "5"]
    bodies = [sent(text) for _, text in made]
    assert [(body["service"], body["command"]) for body in bodies] == [
        ("LEVELONE_EQUITIES", "SUBS"),
        ("LEVELONE_OPTIONS", "ADD"),
        ("LEVELONE_OPTIONS", "VIEW"),
        ("LEVELONE_EQUITIES", "UNSUBS"),
        ("ACCT_ACTIVITY", "SUBS"),
        ("ADMIN", "LOGOUT"),
    ]
    parameters = [body["parameters"] for body in bodies]
    assert parameters[0] == {
        "keys": "AAPL,$SPX",
        "fields": "0,1,2,3,4,5,8,10,11,12,17,18,32,33,34,35,42,44,45",
    }
    assert parameters[1] == {
        "keys": "AAPL  260918C00220000",
        "fields": "0,2,3,4,5,6,7,8,15,16,17,19,33,37,38,39,44,45,46",
    }
    assert parameters[4] == {"keys": "Account Activity", "fields": "0,1,2,3"}


@pytest.mark.parametrize(
    ("service", "name", "number"),
    [
        *(
            (fields.EQUITIES, *each)
            for each in (("mark", 33), ("quote_time", 34), ("net_percent_change", 42))
        ),
        *((fields.EQUITIES, *each) for each in (("status", 32), ("ask_exchange", 6), ("shortable", 49))),
        *((fields.OPTIONS, *each) for each in (("mark", 37), ("strike", 20), ("status", 33), ("rho", 32))),
        *(
            (fields.OPTIONS, *each)
            for each in (("trade_time", 39), ("indicative_bid", 53), ("underlying", 22))
        ),
    ],
)
def test_fields_have_the_numbers_of_the_reference(service: str, name: str, number: int) -> None:
    assert fields.number_of(service, name) == str(number)


def test_every_number_has_a_name_of_its_own() -> None:
    assert len(fields.EQUITY_FIELDS) == len(set(fields.EQUITY_FIELDS)) == 52
    assert len(fields.OPTION_FIELDS) == len(set(fields.OPTION_FIELDS)) == 56


def test_a_data_frame_keeps_decimals_as_they_are_written() -> None:
    content = '{"key":"AAPL","1":211.40000000000000013,"33":0.1,"8":23456789,"delayed":false,"99":{"new":1}}'
    frame = frames.read_frame(
        f'{{"data":[{{"service":"LEVELONE_EQUITIES","timestamp":1,"content":[{content}]}}]}}'
    )
    (change,) = frame.data[0].content
    assert str(change["1"]) == "211.40000000000000013"
    assert change["33"] == Decimal("0.1")
    assert (change["8"], change["delayed"]) == (23456789, False)


def test_answers_heartbeats_and_terminations_are_told_apart() -> None:
    answer = frames.read_frame(
        b'{"response":[{"service":"ADMIN","command":"LOGIN","requestid":"0","content":{"code":0,"msg":"x"}}]}'
    )
    assert (answer.response[0].requestid, answer.response[0].content) == ("0", frames.Content(0, "x"))
    beat = frames.read_frame(b'{"notify":[{"heartbeat":"1778769010000"}]}')
    assert (beat.notify[0].heartbeat, beat.notify[0].content) == ("1778769010000", None)
    end = frames.read_frame(b'{"notify":[{"service":"ADMIN","content":{"code":30,"msg":"Stop"}}]}')
    assert end.notify[0].content == frames.Content(30, "Stop")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        "[]",
        '{"data":[{"content":[1]}]}',
        '{"data":[{"service":1}]}',
        '{"data":' + "[" * 5000,
        "\xff",
    ],
)
def test_what_is_no_frame_says_so_without_its_content(text: str) -> None:
    with pytest.raises(frames.UnreadableFrame) as caught:
        frames.read_frame(text.encode("latin-1"))
    assert str(caught.value) in {"DecodeError", "ValidationError", "UnicodeDecodeError", "RecursionError"}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Decimal("211.4"), Decimal("211.4")),
        (3, Decimal(3)),
        (0, Decimal(0)),
        (True, None),
        ("211.4", None),
        (None, None),
        (Decimal("1E1000000"), None),
        (Decimal("1E-1000000"), None),
        (Decimal("NaN"), None),
        (Decimal("1." + "1" * 40), None),
    ],
)
def test_only_numbers_of_a_sane_size_are_figures(value: object, read: Decimal | None) -> None:
    assert frames.number(value) == read


def test_times_are_milliseconds_of_this_century_in_utc() -> None:
    assert frames.moment(1778768999910) == datetime(2026, 5, 14, 14, 29, 59, 910000, UTC)
    assert [frames.moment(each) for each in (0, -1, 10**18, "1778768999910", None, True)] == [None] * 6
