"""Keeps rendered bytes near: in this process, bounded by size, and in Redis for the other processes.

Redis is a help, never a need: when it is down or slow, callers render for themselves and are not told.
"""

import functools
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

LOCAL_BYTES = 32 * 1024 * 1024
SHARED_SECONDS = 120
"""A version is asked for until the next one comes, seldom later; half a megabyte each must not pile up."""
ATTEMPTS = 3
"""How often something is rendered anew while writers keep moving it on."""
TIMEOUT = 0.25
PAUSE = 5.0
"""How long Redis is left alone after it failed, so that not every request waits for it."""


class LocalCache:
    """The most recently used values, at most so many bytes of them. Safe among threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._values: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """Return a value, which thereby counts as the latest used."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Keep a value, dropping the longest unused ones; a very large one is not kept."""
        if len(value) > self._limit // 4:
            return
        with self._lock:
            self._size += len(value) - len(self._values.pop(key, b""))
            self._values[key] = value
            while self._size > self._limit:
                self._size -= len(self._values.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self._size = 0


class SharedCache:
    """The same values in Redis."""

    def __init__(self) -> None:
        self._closed_until = 0.0

    def get(self, key: str) -> bytes | None:
        """Return a value, or `None` when there is none or Redis does not answer."""
        if time.monotonic() < self._closed_until:
            return None
        try:
            return _client(settings.REDIS_URL).get(key)  # type: ignore[return-value]  # the library's union with async
        except redis.RedisError as error:
            self._pause(error)
            return None

    def put(self, key: str, value: bytes) -> None:
        """Keep a value for a while, if Redis takes it."""
        if time.monotonic() < self._closed_until:
            return
        try:
            _client(settings.REDIS_URL).set(key, value, ex=SHARED_SECONDS)
        except redis.RedisError as error:
            self._pause(error)

    def reopen(self) -> None:
        """Ask Redis again at once."""
        self._closed_until = 0.0

    def _pause(self, error: redis.RedisError) -> None:
        self._closed_until = time.monotonic() + PAUSE
        logger.warning(
            "Redis does not serve rendered positions (%s); rendering them here.", type(error).__name__
        )


@functools.lru_cache(maxsize=4)
def _client(url: str) -> "redis.Redis":
    """Return the process's client for an address, one that gives up early and does not try twice."""
    return redis.Redis.from_url(
        url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0)
    )


local = LocalCache(LOCAL_BYTES)
shared = SharedCache()


def get(key: str) -> bytes | None:
    """Return rendered bytes from the nearest place that has them."""
    value = local.get(key)
    if value is None and (value := shared.get(key)) is not None:
        local.put(key, value)
    return value


def put(key: str, value: bytes) -> None:
    """Keep rendered bytes in both places."""
    local.put(key, value)
    shared.put(key, value)


def once(
    key: Callable[[], str], refresh: Callable[[], None], render: Callable[[], bytes], *, known_key: str = ""
) -> bytes:
    """Return what is kept under a key, else render it; keep it if no writer came between.

    `refresh` brings up to date what the key is made of: after a writer it is all done again, so that bytes and key
    belong together. `known_key` spares making the first key where the caller has it already.
    """
    for _ in range(ATTEMPTS):
        name = known_key or key()
        kept = get(name)
        if kept is not None:
            return kept
        rendered = render()
        refresh()
        if key() == name:
            put(name, rendered)
            break
        known_key = ""
    return rendered
