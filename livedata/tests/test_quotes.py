"""Quotes: the newest wins, age is judged by the session, the API tells what is known and what is not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import redis
from django.test import Client

from livedata.freshness import allowance_at
from livedata.models import MarketDay
from livedata.quotes import KEY, VOUCHED, Board, Quote, spelled

# A Friday in the regular session, 10:00 in New York.
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def quote(**changes: Any) -> Quote:
    """Return a quote of this moment."""
    fields: dict[str, Any] = {
        "symbol": "AAPL",
        "mark": Decimal("211.40"),
        "bid_size": Decimal(2),
        "quote_time": NOW,
        "trade_time": NOW - timedelta(seconds=3),
        "status": "Normal",
        "source": "stream",
        "received_at": NOW,
    }
    return Quote(**fields | changes)


def test_a_quote_travels_as_text() -> None:
    said = spelled(quote(), stale=False)
    assert (said["type"], said["symbol"], said["mark"], said["bid_size"]) == ("quote", "AAPL", "211.4", "2")
    assert (said["bid"], said["status"], said["source"]) == (None, "Normal", "stream")
    assert said["quote_time"] == said["received_at"] == "2026-11-20T15:00:00.000Z"
    assert (said["stale"], said["halted"]) == (False, False)
    assert spelled(quote(status="Halted"), stale=True)["halted"]


def test_the_newest_quote_wins_whoever_brings_it() -> None:
    board = Board()
    assert board.put(quote())
    assert not board.put(quote(mark=Decimal(1), quote_time=NOW - timedelta(seconds=9)))
    assert board.quotes["AAPL"].mark == Decimal("211.40")
    assert board.put(quote(mark=Decimal(212), source="poll", quote_time=NOW + timedelta(seconds=1)))
    assert board.quotes["AAPL"].mark == 212


def test_equal_times_leave_the_word_to_the_living_stream() -> None:
    board = Board()
    board.put(quote())
    board.hold("a stream", "AAPL")
    assert not board.put(quote(mark=Decimal(1), source="poll"))
    assert board.put(quote(mark=Decimal(2)))
    board.let_go("a stream")
    assert board.put(quote(mark=Decimal(3), source="poll"))


def test_changes_are_collected_until_taken_and_equal_quotes_are_none() -> None:
    board = Board()
    board.put(quote())
    assert (board.take_changed(), board.take_changed()) == (({"AAPL"}, set()), (set(), set()))
    board.put(quote(received_at=NOW + timedelta(seconds=5)))
    assert board.take_changed() == (set(), {"AAPL"})
    assert board.quotes["AAPL"].received_at == NOW + timedelta(seconds=5)
    board.put(quote(status="Halted"))
    assert board.take_changed() == ({"AAPL"}, set())


def test_a_symbol_is_held_while_any_source_holds_it() -> None:
    board = Board()
    for source in ("one", "two"):
        board.hold(source, "AAPL")
    board.let_go("one")
    assert board.is_held("AAPL")
    board.let_go("two", ["MSFT"])
    assert board.is_held("AAPL")
    board.let_go("two", ["AAPL"])
    assert not board.is_held("AAPL")


MINUTE = timedelta(minutes=1)
AGES = {
    "regular, of now": (NOW, NOW, False, False),
    "regular, quiet but held": (NOW - 20 * MINUTE, NOW - 20 * MINUTE, True, False),
    "regular, nobody renews it": (NOW - MINUTE, NOW - MINUTE, False, True),
    "regular, held but of yesterday": (NOW - 60 * 20 * MINUTE, NOW, True, True),
    "no time at all": (None, NOW, True, True),
}


@pytest.mark.parametrize(("newest", "received", "held", "stale"), AGES.values(), ids=AGES.keys())
@pytest.mark.django_db
def test_the_session_decides_what_is_stale(
    newest: datetime | None, received: datetime, held: bool, stale: bool
) -> None:
    assert allowance_at(NOW).is_stale(newest, received, NOW, held=held) is stale


@pytest.mark.parametrize(
    ("now", "session", "since"),
    [
        ("2026-11-20T14:31:00+00:00", "regular", "2026-11-19T14:30:00+00:00"),  # a minute after the opening
        ("2026-11-20T14:33:00+00:00", "regular", "2026-11-20T14:30:00+00:00"),
        ("2026-11-20T22:00:00+00:00", "post", "2026-11-20T14:30:00+00:00"),
        ("2026-11-22T17:00:00+00:00", "closed", "2026-11-20T14:30:00+00:00"),  # Sunday: Friday's quotes count
        ("2026-11-26T17:00:00+00:00", "holiday", "2026-11-25T14:30:00+00:00"),
    ],
)
@pytest.mark.django_db
def test_quotes_count_since_the_last_regular_opening(now: str, session: str, since: str) -> None:
    allowance = allowance_at(datetime.fromisoformat(now))
    assert (allowance.session, allowance.since) == (session, datetime.fromisoformat(since))


@pytest.mark.django_db
def test_a_broker_s_word_moves_the_opening() -> None:
    hours = {"regular": ["2026-11-20T10:30:00-05:00", "2026-11-20T16:00:00-05:00"]}
    MarketDay.objects.create(date="2026-11-20", is_open=True, hours=hours, source="schwab", fetched_at=NOW)
    assert allowance_at(NOW).since == datetime(2026, 11, 19, 14, 30, tzinfo=UTC)


@pytest.fixture
def store(redis_url: str) -> Iterator[redis.Redis]:
    """Return a client of the test's Redis."""
    with redis.Redis.from_url(redis_url) as client:
        yield client


def keep(store: redis.Redis, *quotes: Quote, held: bool) -> None:
    """Keep quotes as a stream process does."""
    for each in quotes:
        store.set(KEY.format(each.symbol), msgspec.json.encode(spelled(each, stale=False)))
        if held:
            store.zadd(VOUCHED, {each.symbol: datetime.now(UTC).timestamp() + 15})


@pytest.fixture
def trader(client: Client, django_user_model: Any) -> Client:
    """Return a signed-in browser."""
    client.force_login(django_user_model.objects.create(username="trader"))
    return client


@pytest.mark.django_db
def test_the_api_answers_in_order_and_names_the_unknown(store: redis.Redis, trader: Client) -> None:
    now = datetime.now(UTC)
    call = "AAPL  260918C00220000"
    keep(store, quote(quote_time=now), quote(symbol=call, quote_time=now, mark=None), held=True)
    answer = trader.get("/api/livedata/quotes/", {"symbols": f"{call},NOPE,aapl,AAPL"})
    assert answer.status_code == 200
    body = answer.json()
    assert [each["symbol"] for each in body["quotes"]] == [call, "AAPL"]
    assert body["unknown"] == ["NOPE"]
    assert (body["quotes"][1]["mark"], body["quotes"][0]["mark"]) == ("211.4", None)
    assert not body["quotes"][1]["stale"]


@pytest.mark.django_db
def test_the_api_calls_a_quote_stale_that_nobody_vouches_for_any_more(
    store: redis.Redis, trader: Client
) -> None:
    old = datetime.now(UTC) - timedelta(hours=2)
    keep(store, quote(quote_time=datetime.now(UTC), received_at=old), held=False)
    assert trader.get("/api/livedata/quotes", {"symbols": "AAPL"}).json()["quotes"][0]["stale"]


@pytest.mark.parametrize("symbols", ["", ",", ",".join(f"S{each}" for each in range(201)), "X" * 9000])
@pytest.mark.django_db
def test_too_few_and_too_many_symbols_are_refused(trader: Client, symbols: str) -> None:
    answer = trader.get("/api/livedata/quotes/", {"symbols": symbols})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.django_db
def test_without_redis_the_api_says_so(trader: Client) -> None:
    answer = trader.get("/api/livedata/quotes/", {"symbols": "AAPL"})
    assert (answer.status_code, answer.json()["code"]) == (503, "bus_down")
