"""All connections to the streamer: one per customer, their common pace, and what control does to them."""

import asyncio
import math
from collections.abc import Coroutine
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from simulator.streamer.frames import Code

if TYPE_CHECKING:
    from simulator.streamer.session import Session

TAKEN_OVER = "Example text: another connection for this user has been opened; only one is allowed."


@dataclass(frozen=True)
class Pace:
    """How fast the streamer is, in real time. `burst`: symbols per tick and service, None: all within a second.

    `flood`: see `streamer.flood`.
    """

    tick_seconds: float = 0.25
    burst: int | None = None
    heartbeat_seconds: float = 10.0
    idle_seconds: float = 30.0
    flood: bool = False

    def share(self, symbols: int) -> int:
        """How many of so many symbols are looked at in one tick."""
        return self.burst if self.burst is not None else math.ceil(symbols * min(1.0, self.tick_seconds))


@dataclass
class Hub:
    """The streamer of one simulation."""

    usual: Pace = field(default_factory=Pace)
    sessions: "list[Session]" = field(default_factory=list)
    empty_info: bool = False
    pace: Pace = field(init=False)
    _may_speak: asyncio.Event = field(default_factory=asyncio.Event)
    _silence: asyncio.TimerHandle | None = None
    _under_way: set[asyncio.Task[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.pace = self.usual
        self._may_speak.set()

    def reset(self) -> None:
        """As after a start; connections stay."""
        self.pace, self.empty_info = self.usual, False
        self._may_speak.set()

    def change_pace(self, **changes: Any) -> None:
        """Another pace, from the next tick on."""
        self.pace = replace(self.pace, **changes)

    def silence(self, seconds: float) -> None:
        """Say nothing on any connection, not even heartbeats, for so long."""
        if self._silence is not None:
            self._silence.cancel()
        self._may_speak.clear()
        self._silence = asyncio.get_running_loop().call_later(seconds, self._may_speak.set)

    async def when_not_silent(self) -> None:
        """Wait while the streamer is silent."""
        await self._may_speak.wait()

    def of_login(self, login: str) -> "list[Session]":
        """The living connections of a customer: at most one but in the moment of a take-over."""
        return [session for session in self.sessions if session.login_name == login and not session.ended]

    def summary(self) -> dict[str, object]:
        """As the control endpoint shows it."""
        living = [session.summary() for session in self.sessions if not session.ended]
        return {"pace": asdict(self.pace), "empty_streamer_info": self.empty_info, "connections": living}

    async def keep_only(self, kept: "Session") -> None:
        """A customer has logged in: its older connection ends."""
        for other in self.of_login(kept.login_name):
            if other is not kept:
                await other.end("Invalid Service", Code.CLOSE_CONNECTION, TAKEN_OVER)

    def take_over(self, login: str) -> None:
        """As if the customer had logged in elsewhere."""
        for session in self.of_login(login):
            self._start(session.end("Invalid Service", Code.CLOSE_CONNECTION, TAKEN_OVER))

    def drop(self) -> None:
        """Cut every connection without a word."""
        for session in list(self.sessions):
            session.cut()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
