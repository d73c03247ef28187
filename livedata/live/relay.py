"""Keeps this process subscribed: one connection, opened again with growing, jittered pauses whenever it fails."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable, Collection

import redis
from django.conf import settings

from livedata.bus import CONTROL, LiveFeed
from livedata.live.threads import in_background

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 3.0
BUS_ERRORS = (redis.RedisError, OSError)

OnMessage = Callable[[str, bytes], None]
OnState = Callable[[bool], None]


class Relay:
    """The channels that this process wants, and whether the bus delivers them."""

    def __init__(self, on_message: OnMessage, on_state: OnState) -> None:
        self._on_message = on_message
        self._on_state = on_state
        self._wanted: set[str] = set()
        self._live: set[str] = set()
        self._asked: Counter[str] = Counter()
        self._answers: dict[str, asyncio.Future[None]] = {}
        self._feed: LiveFeed | None = None
        self._said_down = False
        self.up = False

    async def run(self) -> None:
        """Stay subscribed until cancelled."""
        pause = FIRST_PAUSE
        while True:
            was_up = False
            try:
                await self._listen()
            except BUS_ERRORS as error:
                was_up = self.up
                if not self._said_down:
                    log.warning("the live bus is down: %s", type(error).__name__)
                self._said_down = True
            finally:
                self._went_down()
            pause = FIRST_PAUSE if was_up else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(random.uniform(0.5, 1.0) * pause)  # noqa: S311 (a pause is no secret)

    async def want(self, channels: Collection[str]) -> None:
        """Return when the bus delivers these channels, or when it is down: then `on_state` tells when it is back."""
        self._wanted.update(channels)
        feed, missing = self._feed, [channel for channel in channels if channel not in self._live]
        if feed is None or not missing:
            return
        answers = [self._ask(channel) for channel in missing]
        try:
            await feed.subscribe(missing)
        except BUS_ERRORS:
            return  # the reader meets the same failure and says so
        await asyncio.wait(answers)

    def unwant(self, channels: Collection[str]) -> None:
        """Stop the delivery of channels, soon."""
        self._wanted.difference_update(channels)
        self._live.difference_update(channels)
        if channels and self._feed is not None:
            in_background(self._unsubscribe(self._feed, channels))

    async def last_marks(self, account_ids: Collection[int]) -> dict[int, bytes]:
        """Return the kept marks of accounts; none while the bus is down."""
        if not account_ids or self._feed is None or not self.up:
            return {}
        try:
            return await self._feed.last_marks(account_ids)
        except BUS_ERRORS:
            return {}

    async def _listen(self) -> None:
        """Hand on what arrives until the connection fails."""
        feed = LiveFeed(settings.REDIS_URL)
        try:
            await feed.connect()
            self._feed = feed
            first = [CONTROL, *self._wanted]
            for channel in first:
                self._ask(channel)
            await feed.subscribe(first)
            async for kind, channel, data in feed.events():
                if kind == "message":
                    self._on_message(channel, data)
                else:
                    self._confirmed(channel)
        finally:
            self._feed = None
            await feed.close()

    async def _unsubscribe(self, feed: LiveFeed, channels: Collection[str]) -> None:
        """Unsubscribe from what nobody wanted again meanwhile."""
        unwanted = [channel for channel in channels if channel not in self._wanted]
        try:
            if unwanted:
                await feed.unsubscribe(unwanted)
        except BUS_ERRORS:
            return

    def _ask(self, channel: str) -> asyncio.Future[None]:
        """Note that a subscription was asked for; the future is done when all such requests were answered."""
        self._asked[channel] += 1
        if channel not in self._answers:
            self._answers[channel] = asyncio.get_running_loop().create_future()
        return self._answers[channel]

    def _confirmed(self, channel: str) -> None:
        """Take note of an answer; when none is missing for the first time, the bus is up."""
        self._asked[channel] -= 1
        if self._asked[channel] > 0:
            return
        del self._asked[channel]
        self._answers.pop(channel).set_result(None)
        if channel in self._wanted:
            self._live.add(channel)
        if not self._asked and not self.up:
            self.up = True
            if self._said_down:
                log.warning("the live bus is back")
            self._said_down = False
            self._on_state(True)

    def _went_down(self) -> None:
        """Let nobody wait for answers that will not come."""
        self._feed = None
        self._live.clear()
        self._asked.clear()
        for answer in self._answers.values():
            answer.set_result(None)
        self._answers.clear()
        if self.up:
            self.up = False
            self._on_state(False)
