"""No token, code, secret, account number or hash leaves Thor: a whole walk, and then everything is looked through."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
import time_machine
from cryptography.fernet import Fernet
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from kombu import pools

from actandpos.models import Order
from desk.tests.admin_pages import list_of, row_of, superuser
from livedata.schwab import errors, limiter, oauth, services, tasks, trying
from livedata.schwab.models import BrokerConnection, ProductHealth
from livedata.schwab.streamer.state import read_state
from livedata.schwab.streamer.supervisor import Supervisor
from livedata.schwab.tests.people import change
from livedata.schwab.tests.standin import StandIn, standing_in
from thor.tests.leaks import Canaries, Log, all_of_redis, all_of_the_database

pytestmark = pytest.mark.django_db(transaction=True)
START, CALLBACK = "/api/schwab/oauth/start/", "/api/schwab/oauth/callback/"
READINGS = (
    "/api/auth/session/",
    "/api/schwab/connection/",
    "/api/actandpos/accounts/",
    "/api/actandpos/account_summary",
    "/api/actandpos/activity/today",
    "/api/positions",
    "/api/livedata/session/",
    "/api/livedata/quotes/?symbols=AAPL",
    "/api/livedata/watchlist/",
    "/api/schema/",
    "/healthz/ready/",
)


@pytest.fixture
def canaries(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Canaries:
    """Return what is secret: settings of this test's own, and all that Schwab will say."""
    found = Canaries()
    settings.SCHWAB_CLIENT_SECRET = "canary-secret-of-the-app"
    settings.TOKEN_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    found.add("the app's secret", settings.SCHWAB_CLIENT_SECRET)
    found.add("the encryption key", settings.TOKEN_ENCRYPTION_KEYS[0])
    found.add("Django's key", settings.SECRET_KEY)
    found.listen(monkeypatch)
    return found


@pytest.fixture
def world(
    canaries: Canaries, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StandIn]:
    """Return a stand-in that knows the secret; it has small accounts only, since every row is looked at."""
    own = limiter.Limiter()
    monkeypatch.setattr(own, "hold", lambda seconds: None)
    for module in (trying, oauth):
        monkeypatch.setattr(module, "limiter", own)
    monkeypatch.setattr(trying, "_pause", lambda tries: 0.0)
    with standing_in(tmp_path / "log") as world:
        settings.SCHWAB_BASE_URL = world.url
        world.control("accounts", omit_account=5)
        for account in world.control("clock")["accounts"]:
            canaries.add("an account number", account["number"])
            canaries.add("an account hash", account["hash"])
        yield world


@pytest.fixture
def queue(redis_url: str) -> Iterator[redis.Redis]:
    """Return the Redis in which everything lies, the task queue too."""
    app, path = tasks.sync_connection.app, urlsplit(redis_url).path
    pools.reset()
    app.conf["broker_write_url"] = (
        f"redis+socket://{path}?virtual_host=0" if redis_url.startswith("unix:") else redis_url
    )
    vars(app)["_pool"] = vars(app.amqp)["_producer_pool"] = None
    with redis.Redis.from_url(redis_url) as client:
        yield client
    pools.reset()
    app.conf["broker_write_url"] = app.conf.broker_url
    vars(app)["_pool"] = vars(app.amqp)["_producer_pool"] = None


@pytest.fixture
def log() -> Iterator[Log]:
    """Listen to every logger at its loudest, without what tests usually quieten."""
    handler, root = Log(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


class Walk:
    """A person's browser, and everything that it and others got to see."""

    def __init__(self, world: StandIn, canaries: Canaries, queue: redis.Redis) -> None:
        self.world, self.canaries = world, canaries
        self.client = Client(raise_request_exception=False)
        self.client.force_login(User.objects.create_user("trader"))
        self.shown: list[str] = []
        self._heard = queue.pubsub(ignore_subscribe_messages=True)
        self._heard.psubscribe("*")
        self._heard.get_message(timeout=5)  # the confirmation

    def see(self, answer: Any) -> Any:
        """Keep an answer with its headers."""
        head = "\n".join(f"{name}: {value}" for name, value in answer.items())
        self.shown.append(f"{answer.status_code}\n{head}\n{answer.content.decode('utf-8', 'replace')}")
        return answer

    def sign_in(self, fault: dict[str, Any] | None = None) -> str:
        """Go to Schwab and come back, with trouble on the way; return the address that Schwab sent."""
        there = self.client.get(START)["Location"]
        self.canaries.add("the state", parse_qs(urlsplit(there).query)["state"][0])
        back = self.world.sign_in(there)
        self.canaries.add("a code", parse_qs(urlsplit(back).query)["code"][0])
        if fault:
            self.world.control("faults", **fault)
        self.see(self.client.get(back))
        self.world.control("faults", clear=True)
        return back

    def look_around(self) -> None:
        """Read everything that there is to read."""
        for path in READINGS:
            self.see(self.client.get(path))
        for order_id in Order.objects.order_by("-pk").values_list("pk", flat=True)[:5]:
            self.see(self.client.get(f"/api/actandpos/orders/{order_id}/"))

    def messages(self) -> str:
        """Return what was published."""
        found = []
        while (message := self._heard.get_message(timeout=0.05)) is not None:
            found.append(repr(message))
        self._heard.close()
        return "\n".join(found)


@pytest.fixture
def walk(world: StandIn, canaries: Canaries, queue: redis.Redis) -> Walk:
    """Return somebody who is signed in to Thor and about to connect."""
    return Walk(world, canaries, queue)


CODES = [
    {"kind": "expired_code", "variant": "expired"},
    {"kind": "expired_code", "variant": "malformed"},
    {"kind": "server_error", "endpoint": "token"},
    {"kind": "cdn_403", "endpoint": "token"},
    {"kind": "bad_number", "endpoint": "token", "value": "nan"},
]
LISTS = [
    *[{"kind": kind} for kind in ("server_error", "cdn_403", "throttled", "html_ok", "redirect", "cut_body")],
    {"kind": "bad_number", "value": '"soon"', "key": "accountNumber"},
    {"kind": "bad_number", "value": "nan"},
    {"kind": "missing_account"},
]


def sync_quietly(walk: Walk, connection: BrokerConnection) -> None:
    """Sync, whatever comes of it, and open an account by hand."""
    try:
        services.sync_connection(connection, "manual", with_orders=True)
    except errors.SchwabError as error:
        walk.shown.append(f"{error} {error.action} {error!r}")
    for link in connection.links.all():
        walk.see(walk.client.get(f"/api/schwab/accounts/{link.account_id}/positions/"))


def go_through_trouble(walk: Walk) -> BrokerConnection:
    """Fail at the exchange in every way, connect, replay, paste, and fail at the lists in every way."""
    for fault in CODES:
        walk.sign_in(fault)
    assert not BrokerConnection.objects.exists()
    back = walk.sign_in()
    connection = BrokerConnection.objects.get()
    assert connection.links.count() == 4
    walk.see(walk.client.get(back))
    for address in (back, f"http://127.0.0.1:8000{back}", back.replace("state", "stage")):
        walk.see(walk.client.post("/api/schwab/oauth/paste/", {"address": address}, "application/json"))
    for fault in LISTS:
        walk.world.control("faults", endpoint="/trader/", **fault)
        ProductHealth.objects.all().delete()  # else Thor would soon stop asking
        sync_quietly(walk, connection)
        walk.world.control("faults", clear=True)
    ProductHealth.objects.all().delete()
    walk.canaries.read_rows()
    change(connection, access_expires_at=timezone.now(), refresh_failed_at=None)
    sync_quietly(walk, connection)
    return connection


def work_in_the_background(walk: Walk) -> None:
    """Do what worker and beat do, and leave messages in the queue."""
    assert walk.see(walk.client.post("/api/schwab/refresh/", {}, "application/json")).json()["queued"]
    change(BrokerConnection.objects.get(), next_sync_at=None)
    assert tasks.sync_due_connections() == 1
    tasks.refresh_tokens_ahead()
    tasks.refresh_market_days()
    tasks.name_instruments(BrokerConnection.objects.get().pk)


def stream_for_a_moment(connection: BrokerConnection) -> None:
    """Let the streamer speak, as the stream process does."""

    async def run() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(Supervisor().run(stop))
        for _ in range(200):
            await asyncio.sleep(0.1)
            state = await asyncio.to_thread(read_state, connection.pk)
            if state.state == "streaming" and state.last_tick_at:
                break
        stop.set()
        await running
        assert state.state == "streaming", state

    asyncio.run(run())


def look_at_the_admin(walk: Walk) -> None:
    """Open every list of Django admin, a search in it, and a few of its rows with their histories."""
    client = superuser()
    for model in admin.site._registry:
        start = list_of(model)
        rows = model._default_manager.order_by("-pk")[:3]
        pages = [row_of(row, page) for row in rows for page in ("change", "history")]
        for address in (start, f"{start}?q=trader", *pages):
            assert walk.see(client.get(address)).status_code == 200, address


def ask_the_doctor(walk: Walk) -> None:
    """Let the doctor report, for people and for programs."""
    for words in ([], ["--json"]):
        out = StringIO()
        with suppress(SystemExit):
            call_command("schwab_doctor", *words, stdout=out, stderr=out)
        walk.shown.append(out.getvalue())


def test_a_whole_walk_leaks_nothing(walk: Walk, queue: redis.Redis, log: Log) -> None:
    canaries = walk.canaries
    connection = go_through_trouble(walk)
    work_in_the_background(walk)
    stream_for_a_moment(connection)
    walk.look_around()
    look_at_the_admin(walk)
    ask_the_doctor(walk)
    canaries.read_rows()
    places = {
        "answers and pages": "\n".join(walk.shown),
        "logs": "\n".join(log.lines),
        "Redis": all_of_redis(queue),
        "messages": walk.messages(),
        "database": all_of_the_database(),
    }
    leaks = {name: found for name, text in places.items() if (found := canaries.found_in(text))}
    assert not leaks
    # What was looked through is what it should have been.
    assert len(canaries.names) > 30
    assert "celery:celery" in places["Redis"]
    assert "live_data:" in places["messages"]
    assert "AAPL" in places["database"]
    assert len(log.lines) > 100


class Broken(Exception):
    """What nobody has foreseen."""


def breaks(*args: object, **options: object) -> None:
    """Break with whatever was handed in."""
    raise Broken("on the way")


CRASHES: dict[str, tuple[str, str]] = {
    "at the exchange": ("livedata.schwab.transport._session", "callback"),
    "while tokens are read": ("livedata.schwab.oauth._tokens", "callback"),
    "while they are stored": ("livedata.schwab.tokens.store_login", "callback"),
    "at a pasted address": ("livedata.schwab.oauth.redeem_state", "paste"),
    "while accounts are linked": ("livedata.schwab.linking.link_account", "callback"),
    "below a fetch": ("livedata.schwab.transport._answer", "fetch"),
    "while an answer is read": ("livedata.schwab.normalizers.read_account", "fetch"),
    "at a refresh": ("livedata.schwab.oauth._tokens", "fetch"),
}


@pytest.mark.parametrize("debug", [True, False], ids=["DEBUG", "no DEBUG"])
def test_error_pages_leak_nothing(
    walk: Walk, log: Log, settings: Any, monkeypatch: pytest.MonkeyPatch, *, debug: bool
) -> None:
    canaries, world = walk.canaries, walk.world
    walk.sign_in()
    settings.DEBUG = debug
    connection = BrokerConnection.objects.get()
    account = connection.links.earliest("pk").account_id
    canaries.read_rows()
    leaks = {}
    for name, (place, door) in CRASHES.items():
        there = walk.client.get(START)["Location"]
        change(connection, access_expires_at=timezone.now(), refresh_failed_at=None)
        back = world.sign_in(there) if door != "fetch" else ""
        canaries.add("a code", parse_qs(urlsplit(back).query).get("code", [""])[0])
        canaries.add("the state", parse_qs(urlsplit(there).query)["state"][0])
        walk.shown.clear()
        with monkeypatch.context() as broken:
            broken.setattr(place, breaks)
            if door == "callback":
                answer = walk.see(walk.client.get(back))
            elif door == "paste":
                paste = "/api/schwab/oauth/paste/"
                answer = walk.see(walk.client.post(paste, {"address": back}, "application/json"))
            else:
                with time_machine.travel(timezone.now() + timedelta(seconds=10)):
                    answer = walk.see(walk.client.get(f"/api/schwab/accounts/{account}/balances/"))
        assert answer.status_code == 500, name
        assert ("Broken" in walk.shown[-1]) is debug
        found = {canaries.names[form] + " " + form[:12] for form in canaries.names if form in walk.shown[-1]}
        found |= set(canaries.found_in(walk.shown[-1]))
        if found:
            leaks[name] = found
    assert not leaks
    assert not canaries.found_in("\n".join(log.lines))
