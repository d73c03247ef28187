"""How many calls Thor makes: one sliding window for all processes, so that Schwab never has to say no.

The window lives in Redis and is counted by Redis' own clock. With Redis down each process keeps to a small allowance
of its own. Calls for accounts that somebody is looking at may use the whole window, the others leave a part of it free.
"""

import secrets
import threading
import time
from collections import deque

import redis
from django.conf import settings

from livedata.schwab.errors import HeldBack, SchwabThrottled

WINDOW = 60.0
THROTTLE_PAUSE = 60.0
"""Seconds of silence after a 429 that names none."""
BACKGROUND_SHARE = 0.8
"""The part of the window that syncs nobody waits for may fill."""
KEY, HOLD_KEY = "thor:schwab:calls", "thor:schwab:hold"
REST_AFTER_FAILURE = 5.0

# Returns 0 when the call may go, else the milliseconds until it may, negative while Schwab wants a pause.
# Everything in one step, by one clock.
SCRIPT = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local held = redis.call('PTTL', KEYS[2])
if held > 0 then return -held end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[1]))
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('ZADD', KEYS[1], now, ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return 0
end
local place = -tonumber(ARGV[2])
local first = redis.call('ZRANGE', KEYS[1], place, place, 'WITHSCORES')
return math.max(1, tonumber(first[2]) + tonumber(ARGV[1]) - now)
"""


class Limiter:
    """Asks the shared window, or the process's own when Redis does not answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._own: deque[float] = deque()
        self._held_until = 0.0
        self._rest_until = 0.0
        self._client: redis.Redis | None = None
        self._url = ""

    def admit(self, *, watched: bool) -> None:
        """Let one call through.

        Raises:
            HeldBack: the window is full; `retry_after` says for how long.
            SchwabThrottled: the pause that Schwab asked for with a 429 lasts so long.
        """
        limit = settings.THOR_CALLS_PER_MINUTE
        wait = self._ask(limit if watched else max(1, int(limit * BACKGROUND_SHARE)))
        if wait > 0:
            raise HeldBack(f"{wait:.0f} s to wait.", retry_after=wait)
        if wait < 0:
            raise SchwabThrottled(f"{-wait:.0f} s to wait.", retry_after=-wait)

    def hold(self, seconds: float) -> None:
        """Keep every process quiet for a while, as Schwab asked with a 429."""
        self._held_until = time.monotonic() + seconds
        try:
            self._redis().set(HOLD_KEY, "429", px=max(1, int(seconds * 1000)))
        except redis.RedisError:
            self._rest_until = time.monotonic() + REST_AFTER_FAILURE

    def _ask(self, limit: int) -> float:
        """Return 0 for a call that may go and was counted, else the seconds to wait, negative for Schwab's pause."""
        if time.monotonic() >= self._rest_until:
            try:
                found = self._redis().eval(
                    SCRIPT, 2, KEY, HOLD_KEY, int(WINDOW * 1000), limit, secrets.token_hex(8)
                )
                return float(str(found)) / 1000
            except redis.RedisError:
                self._rest_until = time.monotonic() + REST_AFTER_FAILURE
        return self._ask_own(min(limit, settings.THOR_CALLS_PER_MINUTE_ALONE))

    def _ask_own(self, limit: int) -> float:
        """The same for this process alone."""
        with self._lock:
            now = time.monotonic()
            if now < self._held_until:
                return now - self._held_until
            while self._own and self._own[0] <= now - WINDOW:
                self._own.popleft()
            if len(self._own) < limit:
                self._own.append(now)
                return 0.0
            return max(0.001, self._own[-limit] + WINDOW - now)

    def _redis(self) -> redis.Redis:
        """Return the client of this process; remade when the address changes."""
        if self._client is None or self._url != settings.REDIS_URL:
            self._url = settings.REDIS_URL
            self._client = redis.Redis.from_url(self._url, socket_connect_timeout=0.5, socket_timeout=1.0)
        return self._client


limiter = Limiter()
"""The limiter of this process."""
