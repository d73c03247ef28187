"""One sliding window for all processes, a small allowance without Redis, and a pause that everybody keeps."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis

from livedata.schwab import errors, limiter
from livedata.schwab.limiter import KEY, Limiter


def admitted(limits: Limiter, tries: int, *, watched: bool = True) -> int:
    """Return how many of so many calls are let through."""
    count = 0
    for _ in range(tries):
        try:
            limits.admit(watched=watched)
        except errors.SchwabThrottled:
            continue
        count += 1
    return count


@pytest.fixture
def ten(settings: Any) -> None:
    """Allow ten calls a minute, three to a process without Redis."""
    settings.THOR_CALLS_PER_MINUTE, settings.THOR_CALLS_PER_MINUTE_ALONE = 10, 3


@pytest.mark.usefixtures("ten", "redis_url")
def test_many_processes_share_one_window() -> None:
    processes = [Limiter() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda limits: admitted(limits, 8), processes))
    assert sum(counts) == 10


@pytest.mark.usefixtures("ten", "redis_url")
def test_background_calls_leave_room_for_who_is_looking() -> None:
    limits = Limiter()
    assert admitted(limits, 20, watched=False) == 8
    assert admitted(limits, 20, watched=True) == 2


@pytest.mark.usefixtures("ten")
def test_the_window_slides_and_says_how_long_to_wait(redis_url: str) -> None:
    limits = Limiter()
    assert admitted(limits, 10) == 10
    with pytest.raises(errors.SchwabThrottled) as full:
        limits.admit(watched=True)
    assert full.value.retry_after is not None
    assert 55 < full.value.retry_after <= 60
    client = redis.Redis.from_url(redis_url)
    oldest: Any = client.zrange(KEY, 0, 2)
    long_ago = (time.time() - limiter.WINDOW - 1) * 1000
    client.zadd(KEY, dict.fromkeys(oldest, long_ago))
    assert admitted(limits, 10) == 3


@pytest.mark.usefixtures("ten")
def test_without_redis_each_process_keeps_to_a_small_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    limits, other = Limiter(), Limiter()
    assert (admitted(limits, 9), admitted(other, 9)) == (3, 3)
    later = time.monotonic() + limiter.WINDOW + 1
    monkeypatch.setattr(limiter.time, "monotonic", lambda: later)
    assert admitted(limits, 9) == 3


@pytest.mark.usefixtures("ten", "redis_url")
def test_a_pause_that_schwab_asked_for_holds_every_process() -> None:
    Limiter().hold(30)
    with pytest.raises(errors.SchwabThrottled) as held:
        Limiter().admit(watched=True)
    assert held.value.retry_after is not None
    assert 29 < held.value.retry_after <= 30


@pytest.mark.usefixtures("ten")
def test_a_pause_holds_this_process_without_redis_too() -> None:
    limits = Limiter()
    limits.hold(30)
    assert admitted(limits, 3) == 0
