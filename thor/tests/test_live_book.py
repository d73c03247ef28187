"""The book over the live socket: snapshots first, then every change once, and only to its owner."""

import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import redis
from django.contrib.auth.models import User
from django.db import connection as database
from django.utils import timezone
from websockets.sync.client import ClientConnection

from actandpos import services
from actandpos.models import Account
from actandpos.selectors import position_rows
from actandpos.tests import book
from actandpos.types import Balances
from livedata import lastmarks, quotes
from livedata.bus import live_data_redis
from livedata.live.channels import channel_of
from livedata.quotes import Quote, spelled
from livedata.schwab.publish import publish_change, publish_orders
from thor.live import snapshots
from thor.tests.live_server import Server, ask, eventually, hear, serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(redis_url: str, settings: Any) -> Iterator[Server]:
    settings.THOR_LIVE_HEARTBEAT = 0.2
    with serving() as running:
        yield running


@pytest.fixture
def user() -> User:
    return book.trader()


@pytest.fixture
def account(user: User) -> Account:
    made = book.account(user)
    book.apply(made, 1, book.row("ABC"), book.row("XYZ"))
    return made


def change(account: Account, at: int, value: str) -> None:
    """Apply an answer in which one row changed, and publish it."""
    publish_change(
        services.apply_snapshot(account, book.snapshot(at, book.row("ABC"), book.row("XYZ", value)))
    )


def test_the_snapshot_is_what_the_api_answers_and_changes_follow(
    server: Server, user: User, account: Account
) -> None:
    api = book.signed_in(user)
    with server.open(user) as browser:
        ask(browser, "subscribe", f"live_data:positions:{account.pk}", f"live_data:balances:{account.pk}")
        hear(browser, "subscribed")
        positions, balances = hear(browser, "positions"), hear(browser, "balances")
        answer = api.get(f"/api/positions?account_id={account.pk}").json()
        assert (positions["snapshot"], positions["version"]) == (True, account.version)
        assert positions["rows"] == answer["positions"]
        summary = api.get(f"/api/actandpos/account_summary?account_id={account.pk}").json()
        assert balances["balances"] == summary
        change(account, 2, "1250")
        told = hear(browser, "positions")
        assert "snapshot" not in told
        assert (told["base_version"], told["version"]) == (account.version, account.version + 1)
        assert [row["market_value"] for row in told["changed"]] == ["1250"]


def test_orders_say_where_they_stand_and_that_they_changed(
    server: Server, user: User, account: Account
) -> None:
    with server.open(user) as browser:
        ask(browser, "subscribe", f"live_data:orders:{account.pk}")
        first = hear(browser, "orders")
        assert (first["snapshot"], first["version"], first["changed"]) == (True, 0, [])
        publish_orders(
            services.apply_orders(account, [book.order("1")], observed_at=book.START, window_start=book.START)
        )
        told = hear(browser, "orders")
        assert told["version"] == 1
        assert len(told["changed"]) == 1


def test_a_kept_quote_comes_first_and_the_newest_follows(server: Server, user: User, redis_url: str) -> None:
    now = timezone.now()
    quote = spelled(Quote(symbol="ABC", last=Decimal("10.5"), source="stream", received_at=now), stale=False)
    with redis.Redis.from_url(redis_url) as store, server.open(user) as browser:
        store.set(quotes.KEY.format("ABC"), json.dumps(quote))
        ask(browser, "subscribe", "live_data:quotes:ABC", "live_data:quotes:NONE")
        first = hear(browser, "quote")
        assert (first["snapshot"], first["symbol"], first["last"]) == (True, "ABC", "10.5")
        store.publish("live_data:quotes:ABC", json.dumps({**quote, "last": "10.6"}))
        assert hear(browser, "quote")["last"] == "10.6"


def test_the_heartbeat_tells_how_accounts_stand(server: Server, user: User, account: Account) -> None:
    services.set_link_state([account], "expiring")
    with server.open(user) as browser, server.open(user) as idle:
        ask(browser, "subscribe", f"live_data:positions:{account.pk}")
        hear(browser, "positions")
        beat = hear(browser, "heartbeat")
        assert beat["at"].endswith("Z")
        assert beat["accounts"] == {
            str(account.pk): {
                "version": account.version,
                "orders_version": 0,
                "seq": None,
                "checked_at": beat["accounts"][str(account.pk)]["checked_at"],
                "link_state": "expiring",
                "is_stale": True,
            }
        }
        assert beat["accounts"][str(account.pk)]["checked_at"].startswith("2026-11-20T15:00:01")
        assert hear(idle, "heartbeat")["accounts"] == {}


def test_an_account_that_changes_hands_is_heard_no_longer(
    server: Server, user: User, account: Account
) -> None:
    name = f"live_data:positions:{account.pk}"
    with server.open(user) as browser:
        ask(browser, "subscribe", name)
        hear(browser, "positions")
        Account.objects.filter(pk=account.pk).update(owner=book.trader("heir"))
        ended = hear(browser, "ended")
        assert (ended["channels"], ended["code"]) == ([name], "gone")
        assert server.live.hub.account_ids() == set()


def test_marks_known_now_come_with_the_snapshot_and_their_seq_in_the_heartbeat(
    server: Server, user: User, account: Account, redis_url: str
) -> None:
    name = f"live_data:positions:{account.pk}"
    with redis.Redis.from_url(redis_url) as store, server.open(user) as browser:
        key, head = lastmarks.KEY.format(account.pk), {"version": account.version, "seq": 41, "balances": {}}
        marks = {"type": "marks", "account_id": account.pk, **head, "rows": [{"id": 3, "mark_price": "5"}]}
        store.hset(key, mapping={"head": json.dumps(head), "3": '{"id":3,"mark_price":"5"}'})
        ask(browser, "subscribe", name)
        hear(browser, "positions")
        assert hear(browser) == marks
        store.publish(name, json.dumps({**marks, "seq": 41}))  # the one that is known
        store.publish(name, json.dumps({**marks, "seq": 42}))
        assert hear(browser, "marks")["seq"] == 42
        eventually(lambda: hear(browser, "heartbeat")["accounts"][str(account.pk)]["seq"] == 42)
        store.hset(key, "head", json.dumps({**head, "version": account.version - 1}))
        ask(browser, "subscribe", name)
        assert hear(browser, "positions")["snapshot"]
        assert hear(browser, "heartbeat")  # marks of an older book are not sent


def _follow(browser: ClientConnection, last: int) -> tuple[int, list[int], dict[int, str]]:
    """Read up to a version; return the snapshot's version, the versions told and the values shown in the end."""
    first = hear(browser, "positions", snapshot=True)
    shown = {row["id"]: row["market_value"] for row in first["rows"]}
    told, version = [], first["version"]
    while version < last:
        message = hear(browser, "positions")
        version = message["version"]
        told.append(version)
        shown.update({row["id"]: row["market_value"] for row in message["changed"]})
    return first["version"], told, shown


def test_nothing_is_lost_or_told_twice_when_subscribing_amid_changes(
    server: Server, user: User, account: Account
) -> None:
    changes, name = 40, f"live_data:positions:{account.pk}"

    def write() -> None:
        for number in range(changes):
            change(account, 2 + number, str(2_000 + number))
        database.close()

    writer = threading.Thread(target=write)
    last = account.version + changes
    with server.open(user) as first:
        ask(first, "subscribe", name)
        writer.start()
        heard = [_follow(first, account.version + 1)]
        while writer.is_alive():
            with server.open(user) as browser:
                ask(browser, "subscribe", name)
                heard.append(_follow(browser, last))
        writer.join()
    with server.open(user) as browser:
        ask(browser, "subscribe", name)
        heard.append(_follow(browser, last))
    for began, told, _ in heard:
        assert told == list(range(began + 1, began + 1 + len(told)))
    final = {row.pk: row.market_value for row in account.positions.all()}
    assert {pk: Decimal(text) for pk, text in heard[-2][2].items()} == final
    assert sum(len(told) for _, told, _ in heard[1:]) > 0, "nobody subscribed amid changes"


def test_figures_and_version_of_a_snapshot_belong_together_when_a_writer_comes_between(
    account: Account, monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    """Reading the rows brings the account's version up to date, but not the figures that were read before."""
    read = position_rows

    def write_then_read(*args: Any) -> Any:
        monkeypatch.setattr("actandpos.rendering.position_rows", read)
        balances = Balances(net_liq=Decimal(8_677), cash=Decimal(900))
        services.apply_snapshot(account, book.snapshot(9, book.row("ABC", "7777"), balances=balances))
        return read(*args)

    monkeypatch.setattr("actandpos.rendering.position_rows", write_then_read)
    names = [f"live_data:{kind}:{account.pk}" for kind in ("positions", "balances")]
    found = snapshots([channel for name in names if (channel := channel_of(name))])
    positions, balances = (json.loads(found[name].text) for name in names)
    assert positions["version"] == found[names[0]].version == account.version + 1
    assert [row["market_value"] for row in positions["rows"]] == ["7777"]
    assert balances["version"] == found[names[1]].version == balances["balances"]["version"]
    assert (balances["version"] > account.version) == (balances["balances"]["cash"] == "900")


def test_the_process_hears_what_its_browsers_hear_and_no_more(
    server: Server, user: User, account: Account, redis_url: str
) -> None:
    name = f"live_data:positions:{account.pk}"
    with redis.Redis.from_url(redis_url) as store:

        def heard() -> int:
            return int(store.pubsub_numsub(name)[0][1])

        with server.open(user) as first:
            with server.open(user) as second:
                for browser in (first, second):
                    ask(browser, "subscribe", name)
                    hear(browser, "positions")
                assert heard() == 1
                ask(first, "unsubscribe", name)
                hear(first, "unsubscribed")
                live_data_redis.publish_positions(account.pk, [], [], version=9, base_version=8, as_of=None)
                assert hear(second, "positions")["version"] == 9
                assert heard() == 1
            eventually(lambda: heard() == 0)
            ask(first, "subscribe", name)
            assert hear(first, "positions")["snapshot"]
            assert heard() == 1
