"""How the stream of a connection stands, kept in Redis for the screen."""

from datetime import datetime
from typing import Any

import msgspec
import redis
from django.conf import settings
from msgspec import Struct

KEY = "live_stream:{}"
KEPT_SECONDS = 8
"""It is told every two seconds; a process that died is known to be gone so much later."""
STATES = ("streaming", "polling", "down", "off")
NOBODY = "No stream process looks after this connection."
BUS_DOWN = "The live bus (Redis) does not answer, so nobody can tell."


class StreamState(Struct, frozen=True, kw_only=True):
    """`polled_symbols` are those that no stream carries; all of them while `state` is not `streaming`."""

    state: str
    reason: str = ""
    last_tick_at: datetime | None = None
    symbols: int = 0
    polled_symbols: list[str] = []


def keep_command(connection_id: int, state: StreamState) -> tuple[Any, ...]:
    """Return the Redis command that keeps a state for a while."""
    return ("SET", KEY.format(connection_id), msgspec.json.encode(state), "EX", KEPT_SECONDS)


def read_state(connection_id: int) -> StreamState:
    """Return what is kept; `off` when nobody has said anything lately."""
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=1.0
        ) as client:
            text = client.get(KEY.format(connection_id))
    except redis.RedisError:
        return StreamState(state="down", reason=BUS_DOWN)
    if not isinstance(text, bytes):
        return StreamState(state="off", reason=NOBODY)
    return msgspec.json.decode(text, type=StreamState)
