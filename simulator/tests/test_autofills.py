"""Orders that fill by themselves: in pairs that leave nothing behind, kept over a restart, and only where wanted."""

import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from simulator.app import create_app
from simulator.autofills import TAG, AutoFills
from simulator.settings import Settings, settings_from
from simulator.simulation import Simulation
from simulator.tests.conftest import Wire, run
from simulator.wire.times import eastern_date
from simulator.world.story import months_before


def simulation(state: Path | None = None) -> Simulation:
    found: Simulation = create_app(Settings(state_path=state)).state.simulation
    # Frozen before it is set: to the second, so that every run makes the same choices.
    found.clock.freeze(True)
    found.clock.set_to(1_795_539_600.0)
    return found


def left(world: Any) -> Counter[str]:
    """What the automatic orders have bought and not sold."""
    found: Counter[str] = Counter()
    for index in (1, 3, 6, 7):
        for trade in world.edits.trades(index):
            found[trade.symbol] += round(trade.quantity)
    return found


def test_what_is_bought_is_sold_again() -> None:
    own = simulation()
    trader = AutoFills(own, 60)
    seen = []
    for _ in range(20):
        order = trader.step()
        assert order is not None
        assert order.quantity * order.fills[0].prices[0] < 1000
        seen.append((order.legs[0].symbol, order.legs[0].effect, order.quantity))
        own.clock.advance(60)
    for bought, sold in zip(seen[::2], seen[1::2], strict=True):
        assert (bought[0], bought[2]) == (sold[0], sold[2])
        assert (bought[1], sold[1]) == ("OPENING", "CLOSING")
    assert len({symbol for symbol, _, _ in seen}) > 3
    assert not any(left(own.world).values())


def test_old_pairs_are_forgotten_and_open_ones_are_not() -> None:
    own = simulation()
    trader = AutoFills(own, 60)
    for _ in range(5):
        trader.step()
        own.clock.advance(60)
    world, today = own.world, eastern_date(own.clock.now())
    world.edits.forget_pairs(TAG, today + timedelta(days=30))
    assert len(list(world.edits.pairs())) == 5
    world.edits.forget_pairs(TAG, today + timedelta(days=31))
    assert 0 < len(list(world.edits.pairs())) < 5
    assert sum(left(world).values()) > 0
    trader.step()
    world.edits.forget_pairs(TAG, today + timedelta(days=31))
    assert list(world.edits.pairs()) == []


def test_a_restart_keeps_the_orders(state_file: Path) -> None:
    first = simulation(state_file)
    trader = AutoFills(first, 60)
    for _ in range(3):
        trader.step()
        first.clock.advance(60)
    again = create_app(Settings(state_path=state_file)).state.simulation
    assert list(again.world.edits.pairs()) == list(first.world.edits.pairs())
    assert len(list(again.world.edits.pairs())) == 3
    other = create_app(Settings(state_path=state_file, seed="another")).state.simulation
    assert list(other.world.edits.pairs()) == []


def test_on_for_the_demo_and_off_on_request() -> None:
    assert settings_from({}).auto_fills
    assert (
        settings_from({"SIMULATOR_AUTO_FILLS": "1", "SIMULATOR_AUTO_FILL_SECONDS": "5"}).auto_fill_seconds
        == 5
    )
    assert not settings_from({"SIMULATOR_AUTO_FILLS": "0"}).auto_fills
    assert not Settings().auto_fills


def test_the_first_day_is_eleven_months_ago_unless_told_and_stays(state_file: Path) -> None:
    assert settings_from({"SIMULATOR_BEGINS": "2026-01-05"}).begins == date(2026, 1, 5)
    assert months_before(date(2026, 11, 22), 11) == date(2025, 12, 1)
    assert months_before(date(2027, 1, 31), 11) == date(2026, 2, 1)
    assert settings_from({}).begins.day == 1
    first = simulation(state_file)
    first.keep()
    later = create_app(Settings(state_path=state_file, begins=date(2026, 3, 1))).state.simulation
    assert later.world.story.begins == first.world.story.begins
    later.rebuild_market(quiet_when_closed=True)
    assert later.world.story.begins == first.world.story.begins


def placed(wire: Wire) -> int:
    """How many automatic orders there are."""
    count = 0
    for index in (1, 3):
        window = {"fromEnteredTime": "2026-01-01T00:00:00.000Z", "toEnteredTime": "2026-12-31T00:00:00.000Z"}
        rows = wire.get(f"/trader/v1/accounts/{wire.hash_of(index)}/orders", **window).json()
        count += sum(row["tag"] == TAG for row in rows)
    return count


def test_orders_appear_by_themselves_unless_the_clock_stands_still(state_file: Path) -> None:
    for wire in run(Settings(auto_fills=True, auto_fill_seconds=0.02, state_path=state_file)):
        wire.sign_in()
        wire.control("clock", freeze=True)
        wire.control("reset")
        wire.control("clock", freeze=True)
        still = placed(wire)
        assert placed(wire) == still
        wire.control("clock", freeze=False)
        end = time.monotonic() + 10
        while placed(wire) < still + 2 and time.monotonic() < end:
            pass
        assert placed(wire) >= still + 2
