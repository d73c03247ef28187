"""Every kind of trouble at every door that Thor knocks at: how often, what is said, what stays, what heals it."""

from collections.abc import Iterable, Iterator

import pytest

from actandpos.models import Account
from livedata.models import MarketDay
from livedata.schwab import errors
from livedata.schwab.models import BrokerConnection, LinkedAccount, SyncRun
from livedata.schwab.oauth import TokenAnswer
from livedata.schwab.tests.scene import Scene, shown
from livedata.schwab.tests.standin import StandIn
from livedata.schwab.tests.trouble import (
    DIVIDENDS,
    LIST,
    MARKETS,
    NUMBERS,
    ONE,
    ORDERS,
    PREFERENCE,
    QUOTES,
    TROUBLE,
    VARIANTS,
    Door,
    Trouble,
    know_nothing,
    list_sync,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]
every_trouble = pytest.mark.parametrize("those", TROUBLE.values(), ids=TROUBLE)


class Troubles:
    """Lays troubles on a door, one after the other; each is healed before the next begins."""

    def __init__(self, world: StandIn, connection: BrokerConnection, login: list[TokenAnswer]) -> None:
        self.world, self.connection, self.login = world, connection, login

    def at(self, door: Door, those: Iterable[Trouble]) -> Iterator[Scene]:
        """Yield a scene a trouble; the test knocks and looks."""
        for each in those:
            scene = Scene(self.world, self.connection, door, each)
            yield scene
            scene.heals(self.login)


@pytest.fixture
def troubles(
    simulator_process: StandIn, linked: BrokerConnection, login: list[TokenAnswer], in_earnest: list[float]
) -> Troubles:
    """Return all troubles for a linked connection."""
    return Troubles(simulator_process, linked, login)


def knock(scene: Scene) -> None:
    """Knock, and meet the very error that the trouble stands for."""
    with scene.curtain(), pytest.raises(errors.SchwabError) as met:
        scene.door.knock(scene.connection)
    assert type(met.value) is scene.each.kind


@pytest.mark.parametrize(
    ("door", "those"),
    [(LIST, VARIANTS), *[(door, those) for door in (LIST, ORDERS) for those in TROUBLE.values()]],
    ids=["variants", *[f"{door.name}-{name}" for door in (LIST, ORDERS) for name in TROUBLE]],
)
def test_a_list(troubles: Troubles, in_earnest: list[float], door: Door, those: list[Trouble]) -> None:
    for scene in troubles.at(door, those):
        knock(scene)
        scene.asked()
        scene.nothing_is_lost()
        scene.said()
        scene.planned()
        assert in_earnest == ([] if scene.each.held is None else [scene.each.held])
        in_earnest.clear()


def test_good_accounts_do_not_hide_that_orders_fail(
    troubles: Troubles, simulator_process: StandIn, linked: BrokerConnection
) -> None:
    """Orders are asked for less often: their error stays until a list of them is good."""
    (outage, *_) = [each for each in TROUBLE["outages"] if each.tries == 3]
    Scene(simulator_process, linked, ORDERS, outage)
    with pytest.raises(outage.kind):
        ORDERS.knock(linked)
    reason = linked.runs.filter(kind="orders")[:1].get().reason
    for _ in range(2):
        list_sync(linked)
        assert shown(linked)["last_error"]["message"] == reason
    simulator_process.control("faults", clear=True)
    simulator_process.control("faults", endpoint="accounts", **outage.fault)
    with pytest.raises(outage.kind):
        list_sync(linked)
    simulator_process.control("faults", clear=True)
    ORDERS.knock(linked)
    assert shown(linked)["last_error"] is None


@every_trouble
def test_one_account(troubles: Troubles, those: list[Trouble]) -> None:
    for scene in troubles.at(ONE, those):
        knock(scene)
        scene.asked()
        scene.nothing_is_lost()
        assert scene.said().trigger == "api"
        planned = None if scene.each.kind is errors.NotAuthorized else scene.next_sync_at
        assert (scene.connection.failures, scene.connection.next_sync_at) == (0, planned)


@every_trouble
def test_numbers_keep_new_accounts_out_but_not_the_known_ones(
    troubles: Troubles, those: list[Trouble]
) -> None:
    for scene in troubles.at(NUMBERS, those):
        if scene.each.kind is errors.NotAuthorized:
            knock(scene)
            scene.planned()
        else:
            with scene.curtain():
                NUMBERS.knock(scene.connection)
            run = SyncRun.objects.latest("id")
            assert run.outcome == "partial"
            assert f"New accounts could not be linked: {scene.each.kind.message}" in run.reason
            assert (scene.connection.failures, scene.connection.last_error_code) == (0, "")
        scene.asked()
        scene.nothing_is_lost()
        assert LinkedAccount.objects.count() == 1
    assert LinkedAccount.objects.count() == 2


@every_trouble
def test_nicknames_are_only_names(troubles: Troubles, those: list[Trouble]) -> None:
    names = set(Account.objects.values_list("display_name", flat=True))
    for scene in troubles.at(PREFERENCE, those):
        with scene.curtain():
            PREFERENCE.knock(scene.connection)
        scene.asked()
        scene.nothing_is_lost()
        run = SyncRun.objects.latest("id")
        assert run.outcome == "unchanged"
        assert run.reason.startswith(f"Nicknames could not be read: {scene.each.kind.message}")
        assert shown(scene.connection)["last_sync"]["reason"] == run.reason
        assert set(Account.objects.values_list("display_name", flat=True)) == names
        assert LinkedAccount.objects.count() == 2


@pytest.mark.parametrize("door", [QUOTES, DIVIDENDS, MARKETS], ids=["names", "dividends", "markets"])
@every_trouble
def test_market_data_is_no_matter_of_the_book(troubles: Troubles, door: Door, those: list[Trouble]) -> None:
    runs = SyncRun.objects.count()
    for scene in troubles.at(door, those):
        with scene.curtain():
            assert door.knock(scene.connection) == 0
        scene.asked()
        scene.nothing_is_lost()
        assert (SyncRun.objects.count(), MarketDay.objects.count()) == (runs, 0)
        row = scene.connection
        assert (row.status, row.failures, row.last_error_code) == ("connected", 0, "")
        assert row.next_sync_at == scene.next_sync_at
        assert shown(row)["last_error"] is None
        know_nothing(row)
        troubles.world.control("faults", clear=True)
        assert door.knock(row)
    assert list_sync(troubles.connection)
