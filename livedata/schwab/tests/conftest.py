"""What the tests of the broker's room stand on. Models are imported late: settings are loaded after this file."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from livedata.schwab.tests.asking import forget_lines
from livedata.schwab.tests.fake_schwab import AAPL, FIVE, MSFT, FakeSchwab, account, fake_schwab
from livedata.schwab.tests.hands import Hands, environment, hands_in
from livedata.schwab.tests.served import served
from livedata.schwab.tests.standin import StandIn, standing_in

if TYPE_CHECKING:
    from actandpos.models import Account
    from livedata.schwab.models import BrokerConnection
    from livedata.schwab.oauth import TokenAnswer
    from livedata.schwab.tests.crashing import Ground


@pytest.fixture(autouse=True)
def own_lines() -> Iterator[None]:
    """Let each test begin and end without kept connections."""
    forget_lines()
    yield
    forget_lines()


@pytest.fixture(autouse=True)
def one_try(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a limiter of its own that lets everything through, and one try a question.

    `in_earnest`, `test_trying` and `test_limiter` set what they are about.
    """
    from livedata.schwab import limiter, oauth, trying

    settings.THOR_CALLS_PER_MINUTE = settings.THOR_CALLS_PER_MINUTE_ALONE = 10_000
    own = limiter.Limiter()
    monkeypatch.setattr(own, "hold", lambda seconds: None)
    monkeypatch.setattr(trying, "limiter", own)
    monkeypatch.setattr(oauth, "limiter", own)
    monkeypatch.setattr(trying, "TRIES", 1)


@pytest.fixture
def schwab() -> Iterator[FakeSchwab]:
    """Return a Schwab inside this process."""
    with fake_schwab(settings.SCHWAB_BASE_URL) as fake:
        yield fake


@pytest.fixture
def connection(schwab: FakeSchwab, request: pytest.FixtureRequest) -> "BrokerConnection":
    """Return a connection whose five accounts were synced a minute ago: one holds two shares, the others cash."""
    marked = request.node.get_closest_marker("django_db")
    request.getfixturevalue("transactional_db" if marked and marked.kwargs.get("transaction") else "db")
    from livedata.schwab import services
    from livedata.schwab.tests.people import change, connected

    schwab.holds(account(FIVE[0], AAPL, MSFT), *map(account, FIVE[1:]))
    connection = connected()
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        assert services.sync_connection(connection, "manual")
    change(connection, access_expires_at=timezone.now() + timedelta(minutes=30))
    schwab.calls.clear()
    return connection


@pytest.fixture(scope="session")
def simulator_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """Run the stand-in as a process of its own, once."""
    with standing_in(tmp_path_factory.mktemp("standin") / "log") as standin:
        yield standin


@pytest.fixture
def standin(simulator_process: StandIn, request: pytest.FixtureRequest) -> StandIn:
    """Return the stand-in as after a start, with Thor pointed at it."""
    simulator_process.reset()
    django = request.getfixturevalue("settings")
    django.SCHWAB_BASE_URL = simulator_process.url
    return simulator_process


@pytest.fixture
def in_earnest(one_try: None, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Try as often as in earnest, without pauses; return how long Schwab wants everybody to be quiet, as it comes."""
    from livedata.schwab import oauth, trying
    from livedata.schwab.limiter import Limiter

    asked: list[float] = []
    own = Limiter()
    monkeypatch.setattr(own, "hold", asked.append)
    monkeypatch.setattr(trying, "limiter", own)
    monkeypatch.setattr(oauth, "limiter", own)
    monkeypatch.setattr(trying, "TRIES", 3)
    monkeypatch.setattr(trying.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(trying, "_pause", lambda tries: 0.0)
    return asked


@pytest.fixture(scope="module")
def login(simulator_process: StandIn) -> Iterator["list[TokenAnswer]"]:
    """Return a place for the tokens of one sign-in, which all tests of a module use."""
    simulator_process.reset()
    yield []
    simulator_process.reset()


@pytest.fixture
def linked(
    simulator_process: StandIn, login: "list[TokenAnswer]", db: None, request: pytest.FixtureRequest
) -> "BrokerConnection":
    """Return a connection to a stand-in at rest; its two accounts and orders were brought a minute ago."""
    from livedata.schwab import oauth, services, tokens
    from livedata.schwab.models import BrokerConnection
    from livedata.schwab.tests.people import user
    from livedata.schwab.tests.scene import at_rest

    request.getfixturevalue("settings").SCHWAB_BASE_URL = simulator_process.url
    at_rest(simulator_process)
    owner = user()
    if not login:
        found = oauth.read_address(simulator_process.sign_in(oauth.start(owner, "a session"), "other"))
        login.append(oauth.exchange_code_for_tokens(found.code))
    connection = BrokerConnection.objects.create(owner=owner)
    tokens.store_login(connection, login[0])
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        assert services.sync_connection(connection, "connect", with_orders=True)
    connection.refresh_from_db()
    return connection


@pytest.fixture(scope="session")
def hands(django_db_setup: None, redis_server_url: str) -> Iterator[Hands]:
    """Return processes that work on the tests' database; each costs a fork."""
    with hands_in(environment(redis_server_url)) as hands:
        yield hands


@pytest.fixture
def ground(hands: Hands, redis_url: str, request: pytest.FixtureRequest) -> Iterator["Ground"]:
    """Return a Schwab at an address, processes that know it, and a connection whose two accounts were just brought."""
    request.getfixturevalue("transactional_db")
    from livedata.schwab.tests.crashing import Ground, filled

    django = request.getfixturevalue("settings")
    with served() as schwab:
        hands.given["SCHWAB_BASE_URL"] = django.SCHWAB_BASE_URL = schwab.url
        yield Ground(schwab, hands, filled(schwab))
        hands.kill()


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Let it be a Friday noon in New York, and let time stand still unless a test moves it."""
    from livedata.schwab.tests.transactioning import NOON

    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def reader(connection: "BrokerConnection", noon: time_machine.Traveller) -> "Account":
    """Return the account that holds 10 AAPL and 4 MSFT, as seen this noon."""
    from livedata.schwab import services
    from livedata.schwab.tests.people import account_of, change

    change(connection, access_expires_at=timezone.now() + timedelta(days=2))
    services.sync_connection(connection, "manual")
    return account_of(connection, FIVE[0])
