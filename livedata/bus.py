"""The live bus: the only module that speaks Redis pub/sub. Losing it loses no figure, only the push."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any

import msgspec
import redis
from django.conf import settings
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from livedata import lastmarks

log = logging.getLogger(__name__)

BALANCES = "live_data:balances:{}"
POSITIONS = "live_data:positions:{}"
ORDERS = "live_data:orders:{}"
QUOTES = "live_data:quotes:{}"
CONTROL = "live_control"
"""Who must no longer be served: ends of logins and of links, read by every process that holds sockets."""
CONNECT_SECONDS, ANSWER_SECONDS = 0.5, 1.0
"""How long Redis may take to be reached, and to answer."""
REST_AFTER_FAILURE = 2.0
"""Seconds without another try after a failure, so that a dead Redis costs one time-out and not one a message."""


class LiveDataRedis:
    """Publishes the book's changes. Every method tells whether Redis took the message; none raises."""

    def __init__(self) -> None:
        self._client: redis.Redis | None = None
        self._url = ""
        self._rest_until = 0.0

    def _redis(self) -> redis.Redis:
        """Return the client of this process; remade when the address changes."""
        if self._client is None or self._url != settings.REDIS_URL:
            self._url = settings.REDIS_URL
            self._client = redis.Redis.from_url(
                self._url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=ANSWER_SECONDS
            )
            self._rest_until = 0.0
        return self._client

    def _publish(self, channel: str, message: dict[str, Any]) -> bool:
        """Send one message; False when Redis is down."""
        client = self._redis()
        if time.monotonic() < self._rest_until:
            return False
        try:
            client.publish(channel, msgspec.json.encode(message))
        except redis.RedisError as error:
            self._rest_until = time.monotonic() + REST_AFTER_FAILURE
            log.warning("live bus is down: %s", type(error).__name__)
            return False
        return True

    def publish_balance(
        self, account_id: int, balances: dict[str, Any], *, version: int, base_version: int, as_of: str | None
    ) -> bool:
        """Publish an account's summary (the keys of `account_summary`) to `live_data:balances:{id}`."""
        message = _book_message("balances", account_id, version, base_version, as_of)
        return self._publish(BALANCES.format(account_id), message | {"balances": balances})

    def publish_positions(
        self,
        account_id: int,
        changed: list[dict[str, Any]],
        removed: list[dict[str, Any]],
        *,
        version: int,
        base_version: int,
        as_of: str | None,
        closed_today: list[dict[str, Any]] | None = None,
    ) -> bool:
        """Publish changed rows (as in `GET /api/positions`) and removed keys to `live_data:positions:{id}`.

        `closed_today` is the account's whole list, told when it is another one.
        """
        message = _book_message("positions", account_id, version, base_version, as_of)
        message |= {"changed": changed, "removed": removed}
        if closed_today is not None:
            message["closed_today"] = closed_today
        return self._publish(POSITIONS.format(account_id), message)

    def publish_position(
        self, account_id: int, row: dict[str, Any], *, version: int, base_version: int, as_of: str | None
    ) -> bool:
        """Publish one changed row."""
        return self.publish_positions(
            account_id, [row], [], version=version, base_version=base_version, as_of=as_of
        )

    def publish_orders(self, account_id: int, changed_ids: list[int], *, version: int) -> bool:
        """Tell on `live_data:orders:{id}` that orders changed; readers ask the API for them."""
        message = {"type": "orders", "account_id": account_id, "version": version, "changed": changed_ids}
        return self._publish(ORDERS.format(account_id), message)

    def publish_control(self, message: dict[str, Any]) -> bool:
        """Tell every process that holds sockets whom to cut off; see `livedata.live.control`."""
        return self._publish(CONTROL, message)

    def ping(self) -> bool:
        """Tell whether Redis answers."""
        try:
            return bool(self._redis().ping())
        except redis.RedisError:
            return False


def _book_message(
    kind: str, account_id: int, version: int, base_version: int, as_of: str | None
) -> dict[str, Any]:
    """Return the head that every book message has."""
    return {
        "type": kind,
        "account_id": account_id,
        "version": version,
        "base_version": base_version,
        "as_of": as_of,
    }


QUIET_SECONDS = 10.0
"""After so long without a word the server is asked whether it is there; a dead network says nothing."""


class LiveFeed:
    """One subscribed connection of an asyncio process. Any failure ends it; its owner then opens a new one.

    It never reconnects by itself: what was published meanwhile would be missed without a sign.
    """

    def __init__(self, url: str) -> None:
        self._pool = ConnectionPool.from_url(
            url, protocol=2, socket_connect_timeout=2, socket_timeout=5, retry=Retry(NoBackoff(), 0)
        )
        self._connection = self._pool.make_connection()
        self._client: Redis = Redis(connection_pool=self._pool)
        self._writing = asyncio.Lock()

    async def connect(self) -> None:
        """Open the connection. Raises `redis.RedisError` or `OSError`."""
        await self._connection.connect()

    async def subscribe(self, channels: Collection[str]) -> None:
        """Ask for channels; `events` tells when each is confirmed."""
        await self._command("SUBSCRIBE", *channels)

    async def unsubscribe(self, channels: Collection[str]) -> None:
        """Stop asking for channels."""
        await self._command("UNSUBSCRIBE", *channels)

    async def events(self) -> AsyncIterator[tuple[str, str, bytes]]:
        """Yield (`message` or `subscribe`, channel, data) until the connection fails: `redis.RedisError`."""
        asked = False
        while True:
            found = await self._connection.read_response(timeout=QUIET_SECONDS)
            if found is None:
                if asked:
                    raise redis.TimeoutError("Redis did not answer")
                await self._command("PING")
            asked = found is None
            if isinstance(found, list) and found[0] in (b"message", b"subscribe"):
                data = found[2] if found[0] == b"message" else b""
                yield found[0].decode(), found[1].decode(), data

    async def last_marks(self, account_ids: Collection[int]) -> dict[int, bytes]:
        """Return a marks message with all that is kept, of each account that has any. Raises `redis.RedisError`."""
        pipeline = self._client.pipeline(transaction=False)
        for each in account_ids:
            pipeline.hgetall(lastmarks.KEY.format(each))
        kept = await pipeline.execute()
        found = {pk: lastmarks.message_of(pk, fields) for pk, fields in zip(account_ids, kept, strict=True)}
        return {pk: text for pk, text in found.items() if text is not None}

    async def close(self) -> None:
        """Close what is open."""
        await self._connection.disconnect(nowait=True)
        await self._client.aclose()
        await self._pool.disconnect()

    async def _command(self, *words: str) -> None:
        """Send one command; its answer comes through `events`."""
        async with self._writing:
            await self._connection.send_command(*words)


class LiveWriter:
    """Keeps and publishes what ticks move, for an asyncio process: one round trip a flush."""

    def __init__(self, url: str) -> None:
        self._client = Redis.from_url(
            url, protocol=2, socket_connect_timeout=1, socket_timeout=3, retry=Retry(NoBackoff(), 0)
        )

    async def send(self, commands: Sequence[tuple[Any, ...]]) -> list[Any] | None:
        """Send commands and return their answers; None when Redis did not take them."""
        pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        try:
            return await pipeline.execute() if commands else []
        except (redis.RedisError, OSError) as error:
            log.warning("live bus is down: %s", type(error).__name__)
            return None

    async def close(self) -> None:
        """Close what is open."""
        await self._client.aclose()


live_data_redis = LiveDataRedis()
"""The bus of this process."""
