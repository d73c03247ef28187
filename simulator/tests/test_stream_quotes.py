"""Level-one quotes: fields by number, snapshot then change-only, agreement with REST, caps, halts, load."""

from typing import Any

import pytest

from simulator.streamer.hub import Pace
from simulator.tests.conftest import Wire
from simulator.tests.streaming import EQUITIES, OPTIONS, Row, Stream, streaming

SOME = "0,1,2,3,4,5,8,10,11,12,18,33,34,35,42"
ALL_EQUITY = ",".join(map(str, range(52)))
ALL_OPTION = ",".join(map(str, range(56)))


def held(wire: Wire, index: int, kind: str) -> list[Row]:
    path = f"/trader/v1/accounts/{wire.hash_of(index)}"
    rows = wire.get(path, fields="positions").json()["securitiesAccount"]["positions"]
    return [row for row in rows if row["instrument"]["assetType"] == kind]


def rest(wire: Wire, symbols: Any) -> dict[str, Row]:
    found: dict[str, Row] = wire.get("/marketdata/v1/quotes", symbols=",".join(symbols)).json()
    return found


def subscribed(stream: Stream, service: str, keys: Any, fields: str) -> Row:
    answer = stream.ask(service, "SUBS", keys=",".join(keys), fields=fields)
    assert answer == {"code": 0, "msg": "SUBS command succeeded"}
    (part,) = stream.receive()["data"]
    assert list(part) == ["service", "timestamp", "command", "content"]
    assert (part["service"], part["command"]) == (service, "SUBS")
    return {row["key"]: row for row in part["content"]}


def test_the_snapshot_of_a_stock_has_every_field(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        row = subscribed(stream, EQUITIES, ["AAPL"], ALL_EQUITY)["AAPL"]
    quote = rest(wire, ["AAPL"])["AAPL"]
    head = {"key": "AAPL", "delayed": False, "assetMainType": "EQUITY", "assetSubType": "COE"}
    assert {key: row[key] for key in head} == head
    assert row["cusip"] == quote["reference"]["cusip"] == "037833100"
    # 24 is a fund's net asset value.
    assert {int(key) for key in row if key.isdecimal()} == set(range(1, 52)) - {24}
    prices, regular = quote["quote"], quote["regular"]
    assert [row[str(number)] for number in (1, 2, 3, 8, 10, 11, 12, 17, 18, 19, 20, 33, 34, 35, 42)] == [
        prices["bidPrice"], prices["askPrice"], prices["lastPrice"], prices["totalVolume"], prices["highPrice"],
        prices["lowPrice"], prices["closePrice"], prices["openPrice"], prices["netChange"], prices["52WeekHigh"],
        prices["52WeekLow"], prices["mark"], prices["quoteTime"], prices["tradeTime"], prices["netPercentChange"],
    ]  # fmt: skip
    assert [row["29"], row["31"], row["43"]] == [
        regular["regularMarketLastPrice"],
        regular["regularMarketNetChange"],
        regular["regularMarketPercentChange"],
    ]
    # The ask's exchange comes before the bid's here.
    assert [row[str(number)] for number in (6, 7, 39, 40)] == ["P", "Q", "ARCX", "XNAS"]
    assert [type(row[str(number)]) for number in (14, 27, 28, 46, 48, 49)] == [
        bool,
        bool,
        bool,
        int,
        int,
        int,
    ]


def test_the_snapshot_of_an_option_has_every_field(wire: Wire) -> None:
    wire.sign_in()
    position = held(wire, 2, "OPTION")[1]
    symbol = position["instrument"]["symbol"]
    with streaming(wire) as stream:
        row = subscribed(stream, OPTIONS, [symbol], ALL_OPTION)[symbol]
    quote = rest(wire, [symbol])[symbol]
    prices, terms = quote["quote"], quote["reference"]
    assert (row["assetMainType"], row["cusip"]) == ("OPTION", position["instrument"]["cusip"])
    assert {int(key) for key in row if key.isdecimal()} == set(range(1, 56))
    assert [row[str(number)] for number in (1, 2, 3, 4, 7, 8, 9, 10, 12, 13, 16, 17, 20, 21, 22)] == [
        terms["description"], prices["bidPrice"], prices["askPrice"], prices["lastPrice"], prices["closePrice"],
        prices["totalVolume"], prices["openInterest"], prices["volatility"], terms["expirationYear"], 100.0,
        prices["bidSize"], prices["askSize"], terms["strikePrice"], terms["contractType"], terms["underlying"],
    ]  # fmt: skip
    assert [row[str(number)] for number in (*range(28, 33), 35, 37, 40, 49, 55)] == [
        *(prices[name] for name in ("delta", "gamma", "theta", "vega", "rho")),
        prices["underlyingPrice"], prices["mark"], "o", "AAPL", terms["exerciseType"],
    ]  # fmt: skip


def test_indices_and_funds_have_what_they_have_and_strangers_nothing(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        option = held(wire, 2, "OPTION")[0]["instrument"]["symbol"]
        rows = subscribed(stream, EQUITIES, ["$SPX", "SWPPX", "ZZZZ", "91282CNT4", option], ALL_EQUITY)
        assert set(rows) == {"$SPX", "SWPPX"}
        assert not {"1", "2", "33", "cusip"} & set(rows["$SPX"])
        assert rows["SWPPX"]["24"] == rest(wire, ["SWPPX"])["SWPPX"]["quote"]["nAV"]
        stream.ask(OPTIONS, "SUBS", keys="AAPL", fields="0,2")
        assert stream.ask(EQUITIES, "ADD", keys="AAPL", fields="0,3,99")["code"] == 0
        stream.until(lambda: "AAPL" in stream.quotes)
        assert {key for key in stream.quotes["AAPL"] if key.isdecimal()} == {"3"}


def test_changes_only_that_add_up_to_the_quotes_and_to_the_positions(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        wire.control("stream", tick_seconds=0.02, burst=1000)
        stocks, options = held(wire, 2, "EQUITY"), held(wire, 2, "OPTION")
        first = subscribed(stream, EQUITIES, [row["instrument"]["symbol"] for row in stocks], SOME)
        first |= subscribed(
            stream, OPTIONS, [row["instrument"]["symbol"] for row in options], "0,2,3,4,7,37,38"
        )
        quoted = {key: "33" if "33" in row else "37" for key, row in first.items()}
        for seconds in (1, 7):
            stream.seen.clear()
            now = wire.control("clock", advance_seconds=seconds)["epoch"]
            stream.until(lambda: len(stream.seen) >= len(quoted))
            assert {row["key"] for row in stream.seen} == set(quoted)
            assert not any({"delayed", "12", "7"} & set(row) for row in stream.seen)
            prices = rest(wire, quoted)
            for row in held(wire, 2, "EQUITY") + held(wire, 2, "OPTION"):
                key = row["instrument"]["symbol"]
                shown, quote = stream.quotes[key], prices[key]["quote"]
                assert (
                    shown["34" if quoted[key] == "33" else "38"] == quote["quoteTime"] == int(now * 1000) - 90
                )
                assert shown[quoted[key]] == quote["mark"]
                worth = (
                    quote["mark"]
                    * (row["longQuantity"] - row["shortQuantity"])
                    * (100 if len(key) == 21 else 1)
                )
                assert row["marketValue"] == pytest.approx(worth, abs=0.006)
            assert [stream.quotes["AAPL"][field] for field in ("1", "2", "8", "18")] == [
                prices["AAPL"]["quote"][name] for name in ("bidPrice", "askPrice", "totalVolume", "netChange")
            ]


def test_subs_replaces_add_adds_unsubs_removes_view_changes_the_fields(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        wire.control("stream", tick_seconds=0.02, burst=1000)

        def next_keys() -> set[str]:
            stream.seen.clear()
            wire.control("clock", advance_seconds=1)
            stream.until(lambda: stream.seen)
            return {row["key"] for row in stream.seen}

        subscribed(stream, EQUITIES, ["AAPL", "SPY"], "0,8")
        assert set(subscribed(stream, EQUITIES, ["MSFT", "KO"], "0,8")) == {"MSFT", "KO"}
        assert next_keys() == {"MSFT", "KO"}
        assert stream.ask(EQUITIES, "ADD", keys="F", fields="0,8")["msg"] == "ADD command succeeded"
        stream.until(lambda: "F" in stream.quotes)
        assert next_keys() == {"MSFT", "KO", "F"}
        assert stream.ask(EQUITIES, "UNSUBS", keys="KO,F")["msg"] == "UNSUBS command succeeded"
        assert next_keys() == {"MSFT"}
        assert stream.ask(EQUITIES, "VIEW", fields="0,34")["msg"] == "VIEW command succeeded"
        stream.until(lambda: "34" in stream.quotes["MSFT"])
        next_keys()
        assert [set(row) for row in stream.seen] == [{"key", "34"}]


def test_keys_beyond_the_cap_are_discarded(wire: Wire) -> None:
    wire.sign_in()
    keys = [
        "AAPL",
        "SPY",
        *(f"ZQ{a}{b}{c}" for a in "A" for b in "ABCDEFGHIJKLMNOPQRSTU" for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ]
    with streaming(wire) as stream:
        answer = stream.ask(EQUITIES, "SUBS", keys=",".join(keys), fields="0,3")
        assert answer == {
            "code": 19,
            "msg": "You've reached the maximum number of symbols allowed. "
            f"(LEVELONE_EQUITIES=500, DISCARDED={len(keys) - 500})",
        }
        stream.receive()
        assert list(stream.quotes) == keys[:500]
        assert stream.ask(EQUITIES, "ADD", keys=f"SPY,{keys[-1]}", fields="0,3")["code"] == 19
        assert stream.ask(EQUITIES, "UNSUBS", keys=keys[5])["code"] == 0
        assert stream.ask(EQUITIES, "ADD", keys=keys[-1], fields="0,3")["code"] == 0
        assert stream.ask(OPTIONS, "SUBS", keys="x", fields="0,3")["code"] == 0


def test_a_halted_symbol_stands_still_everywhere(wire: Wire) -> None:
    wire.sign_in()
    option = next(row for row in held(wire, 2, "OPTION") if row["instrument"]["underlyingSymbol"] == "AAPL")
    symbol = option["instrument"]["symbol"]
    with streaming(wire) as stream:
        wire.control("stream", tick_seconds=0.02, burst=1000)
        subscribed(stream, EQUITIES, ["AAPL", "MSFT"], "0,3,32,34")
        subscribed(stream, OPTIONS, [symbol], "0,33,37")
        before = {key: dict(row) for key, row in stream.quotes.items()}
        assert wire.control("market", halt="AAPL")["halted"] == ["AAPL"]
        wire.control("clock", advance_seconds=20)
        stream.until(lambda: stream.quotes[symbol]["33"] == stream.quotes["AAPL"]["32"] == "Halted")
        stream.until(lambda: stream.quotes["MSFT"]["34"] != before["MSFT"]["34"])
        assert (stream.quotes["AAPL"]["3"], stream.quotes["AAPL"]["34"]) == (
            before["AAPL"]["3"],
            before["AAPL"]["34"],
        )
        assert stream.quotes[symbol]["37"] == before[symbol]["37"]
        assert stream.quotes["MSFT"]["32"] == "Normal"
        halted = rest(wire, ["AAPL", symbol])
        assert {entry["quote"]["securityStatus"] for entry in halted.values()} == {"Halted"}
        position = next(row for row in held(wire, 2, "EQUITY") if row["instrument"]["symbol"] == "AAPL")
        assert position["marketValue"] == pytest.approx(before["AAPL"]["3"] * position["longQuantity"])
        wire.control("market", resume="AAPL")
        stream.until(lambda: stream.quotes["AAPL"]["32"] == "Normal")
        assert stream.quotes["AAPL"]["34"] == before["AAPL"]["34"] + 20_000


def test_every_symbol_has_its_turn_within_a_second() -> None:
    assert [Pace().share(count) for count in (0, 1, 4, 500)] == [0, 1, 1, 125]
    assert Pace(tick_seconds=5).share(500) == 500
    assert Pace(burst=7).share(500) == 7


def test_after_a_flood_the_truth_is_sent(wire: Wire) -> None:
    wire.sign_in()
    with streaming(wire) as stream:
        before = subscribed(stream, EQUITIES, ["AAPL", "KO"], SOME)
        wire.control("stream", tick_seconds=0.01, flood=True)
        stream.until(lambda: len(stream.seen) > 60)
        assert set(stream.seen[-1]) == set(before["KO"]) - {
            "delayed",
            "assetMainType",
            "assetSubType",
            "cusip",
        }
        assert stream.quotes["AAPL"]["34"] != before["AAPL"]["34"]
        wire.control("stream", flood=False)
        stream.until(lambda: stream.quotes == before)
