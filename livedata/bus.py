"""The live bus: the only module that speaks Redis pub/sub. Losing it loses no figure, only the push."""

import logging
import time
from typing import Any

import msgspec
import redis
from django.conf import settings

log = logging.getLogger(__name__)

BALANCES = "live_data:balances:{}"
POSITIONS = "live_data:positions:{}"
ORDERS = "live_data:orders:{}"
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
            self._client = redis.Redis.from_url(self._url, socket_connect_timeout=0.5, socket_timeout=1.0)
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
    ) -> bool:
        """Publish changed rows (as in `GET /api/positions`) and removed keys to `live_data:positions:{id}`."""
        message = _book_message("positions", account_id, version, base_version, as_of)
        return self._publish(POSITIONS.format(account_id), message | {"changed": changed, "removed": removed})

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


live_data_redis = LiveDataRedis()
"""The bus of this process."""
