"""One connection to the streamer from LOGIN to its end: one command at a time, changes merged as they come."""

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine
from typing import Any

from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from livedata.schwab.streamer import codes
from livedata.schwab.streamer.codes import StreamEnded
from livedata.schwab.streamer.door import Key
from livedata.schwab.streamer.ending import end_all
from livedata.schwab.streamer.fields import ACTIVITY, EQUITIES, OPTIONS
from livedata.schwab.streamer.frames import Content, Data, Frame, Requests, UnreadableFrame, read_frame
from livedata.schwab.streamer.keys import KeyPlan
from livedata.schwab.streamer.ticks import Ticks

log = logging.getLogger(__name__)
# At level DEBUG the library would write every frame, tokens and account numbers too.
_line = logging.getLogger(__name__ + ".line")
_line.setLevel(logging.ERROR)

LARGEST_FRAME = 16 * 1024 * 1024
OPEN_SECONDS = 10.0
RETRY_SECONDS = 1.0
DISCARDED = re.compile(r"DISCARDED=(\d{1,6})")
SUBSCRIBED = "SUBSCRIBED"


class Session:
    """A connection. `up` from the answer to LOGIN on; `caps` fall when the server says that it takes no more keys."""

    def __init__(
        self,
        key: Key,
        *,
        on_activity: Callable[[], None],
        on_up: Callable[[], None],
        on_ticks: Callable[[], None],
    ) -> None:
        self._key, self._requests = key, Requests(key.door)
        self._on_activity, self._on_up, self._on_ticks = on_activity, on_up, on_ticks
        self._answers: dict[str, asyncio.Future[Content]] = {}
        self._replan = asyncio.Event()
        self._plan: KeyPlan | None = None
        self._socket: ClientConnection | None = None
        self.keys: dict[str, list[str]] = {EQUITIES: [], OPTIONS: []}
        self.caps = dict.fromkeys(self.keys, settings.THOR_STREAM_KEYS)
        self.ticks = Ticks()
        self.heard = 0.0
        self.up = False

    def want(self, plan: KeyPlan) -> None:
        """Follow these keys from now on."""
        self._plan = plan
        self._replan.set()

    async def serve(self) -> None:
        """Stay connected until the connection ends. Raises `StreamEnded`, always."""
        # No pings of our own: the heartbeats tell, and too strict a client cuts itself off (§5.6).
        opening = connect(
            self._key.door.streamer_socket_url,
            open_timeout=OPEN_SECONDS,
            close_timeout=1,
            ping_interval=None,
            compression=None,
            max_size=LARGEST_FRAME,
            proxy=None,
            logger=_line,
        )
        try:
            async with opening as socket:
                self._socket = socket
                await self._until_one_ends(self._read(socket), self._watch(), self._work())
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI):
            raise StreamEnded("unreachable") from None
        except ConnectionClosed:
            raise StreamEnded("lost") from None
        finally:
            self.up = False

    async def logout(self) -> None:
        """Say goodbye, briefly."""
        if self.up:
            try:
                await asyncio.wait_for(self._command(*self._requests.logout()), 1.0)
            except (StreamEnded, ConnectionClosed, TimeoutError):
                return

    @staticmethod
    async def _until_one_ends(*works: Coroutine[Any, Any, None]) -> None:
        """Run side by side until one raises, then stop the others."""
        tasks = [asyncio.ensure_future(work) for work in works]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            ended = [error for task in done if (error := task.exception()) is not None]
        finally:
            await end_all(tasks)
        # The server's own word explains more than the end of the line that follows it.
        raise min(ended, key=lambda error: not isinstance(error, StreamEnded))

    async def _read(self, socket: ClientConnection) -> None:
        """Take what comes."""
        clock = asyncio.get_running_loop().time
        self.heard = clock()
        while True:
            raw = await socket.recv(decode=False)
            self.heard = clock()
            try:
                frame = read_frame(raw)
            except UnreadableFrame as error:
                log.warning("a frame of the streamer was not readable (%s)", error)
                continue
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        """Hand the parts of a frame to those they are for. Raises `StreamEnded` when the server ends it."""
        for data in frame.data:
            if data.service == ACTIVITY:
                self._note_activity(data)
            else:
                self.ticks.merge(data)
                self._on_ticks()
        for response in frame.response:
            answer = self._answers.pop(str(response.requestid), None)
            if answer is not None and not answer.done():
                answer.set_result(response.content or Content(codes.UNKNOWN_FAILURE))
        for notice in frame.notify:
            if notice.content is not None:
                self._end_by(notice.content.code)

    def _note_activity(self, data: Data) -> None:
        """Something happened in an account. Which one and what stays in the frame: it is re-read over REST."""
        if any(each.get("2") != SUBSCRIBED for each in data.content):
            self._on_activity()

    @staticmethod
    def _end_by(code: int) -> None:
        """Raise when a code ends the connection."""
        if code in codes.ENDINGS:
            raise StreamEnded(codes.ENDINGS[code])

    async def _watch(self) -> None:
        """End a connection on which nothing comes, not even heartbeats."""
        clock, allowed = asyncio.get_running_loop().time, settings.THOR_STREAM_SILENCE
        self.heard = clock()
        while (left := self.heard + allowed - clock()) > 0:  # noqa: ASYNC110 (an event a frame would cost more)
            await asyncio.sleep(left)
        raise StreamEnded("silent")

    async def _work(self) -> None:
        """Log in, then subscribe to what is wanted, as it changes."""
        answer = await self._command(*self._requests.login(self._key.access_token))
        if answer.code not in codes.SUCCESSES:
            raise StreamEnded("denied" if answer.code == codes.LOGIN_DENIED else "failed")
        self.up = True
        self._on_up()
        await self._command(*self._requests.activity())
        while True:
            await self._replan.wait()
            self._replan.clear()
            if self._plan is not None:
                await self._follow(self._plan)

    async def _follow(self, plan: KeyPlan) -> None:
        """Bring the subscriptions to a plan."""
        for service, wanted in plan.streamed.items():
            have = self.keys[service]
            if gone := [key for key in have if key not in set(wanted)]:
                await self._command(*self._requests.unsubscribe(service, gone))
                self.keys[service] = have = [key for key in have if key not in set(gone)]
                self.ticks.forget(service, gone)
            if new := [key for key in wanted if key not in set(have)]:
                await self._gain(service, new)

    async def _gain(self, service: str, new: list[str]) -> None:
        """Subscribe to keys. What the server does not take lowers the cap: the plan then polls it."""
        for attempt in range(2):
            have = self.keys[service]
            ask = self._requests.add if have else self._requests.subscribe
            answer = await self._command(*ask(service, new))
            if answer.code in codes.SUCCESSES:
                self.keys[service] = [*have, *new]
                return
            if answer.code == codes.REACHED_SYMBOL_LIMIT:
                found = DISCARDED.search(answer.msg)
                taken = new[: max(0, len(new) - int(found[1]))] if found else []
                self.keys[service] = [*have, *taken]
                break
            if answer.code not in codes.FAILED_COMMANDS or attempt:
                break
            await asyncio.sleep(RETRY_SECONDS)  # two commands at once may have met; alone it can succeed
        log.warning("the streamer took %d keys of %s: code %d", len(self.keys[service]), service, answer.code)
        self.caps[service] = len(self.keys[service])

    async def _command(self, number: str, text: bytes) -> Content:
        """Send one command and return its answer. Raises `StreamEnded` for none and for those that end it all."""
        if self._socket is None:
            raise StreamEnded("lost")
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(text.decode(), text=True)
        try:
            async with asyncio.timeout(settings.THOR_STREAM_ANSWER):
                content = await answer
        except TimeoutError:
            raise StreamEnded("no_answer") from None
        finally:
            self._answers.pop(number, None)
        self._end_by(content.code)
        return content
