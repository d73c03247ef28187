"""Django Channels as its own documentation sets it up, for comparison: one group, one consumer for each browser."""

# mypy: ignore-errors
# (Channels is no dependency of Thor: its types are not there to check against.)

import asyncio
import os
from typing import Any

import django
import redis.asyncio
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter
from django.conf import settings

GROUP = "everybody"

settings.configure(
    SECRET_KEY="x",  # noqa: S106 (it guards nothing)
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [os.environ["REDIS_URL"]], "capacity": 10_000},
        }
    },
)
django.setup()


class Consumer(AsyncWebsocketConsumer):
    """Forwards what the group is told."""

    bus: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()
        if Consumer.bus is None:
            Consumer.bus = asyncio.create_task(listen())

    async def told(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])


async def listen() -> None:
    """Bring what is published where Thor's side hears it into the group."""
    layer = get_channel_layer()
    async with redis.asyncio.Redis.from_url(os.environ["REDIS_URL"]).pubsub() as bus:
        await bus.subscribe(os.environ["BENCH_CHANNEL"])
        async for message in bus.listen():
            if message["type"] == "message":
                await layer.group_send(GROUP, {"type": "told", "text": message["data"].decode()})


application = ProtocolTypeRouter({"websocket": Consumer.as_asgi()})
