"""Keeps one customer's stream going: connect, serve, wait, connect again; poll `/quotes` for what no stream carries."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import Error as DatabaseError

from livedata.quotes import Board
from livedata.schwab import errors
from livedata.schwab.models import BrokerConnection
from livedata.schwab.streamer import polling
from livedata.schwab.streamer.backoff import Backoff
from livedata.schwab.streamer.codes import REASONS, StreamEnded
from livedata.schwab.streamer.door import find_door
from livedata.schwab.streamer.ending import end_all
from livedata.schwab.streamer.keys import KeyPlan
from livedata.schwab.streamer.session import Session
from livedata.schwab.streamer.state import StreamState
from livedata.schwab.streamer.threads import in_thread
from livedata.schwab.streamer.trigger import Trigger

log = logging.getLogger(__name__)

FIRST_POLL = 2.0
STARTING = "The stream is being opened."
POLL_GOOD_FOR = 3
"""A poll counts for so many intervals."""


class Keeper:
    """One leased connection. `connection_ids` are the customer's connections that it serves, its own first."""

    def __init__(
        self,
        connection_id: int,
        customer: str,
        board: Board,
        session_name: Callable[[], str],
        on_ticks: Callable[[], None],
    ) -> None:
        self.connection_id, self.customer = connection_id, customer
        self.connection_ids = [connection_id]
        self.session: Session | None = None
        self.plan = KeyPlan({}, [])
        self.caps: dict[str, int] = {}
        self._board, self._session_name, self._on_ticks = board, session_name, on_ticks
        self._backoff = Backoff()
        self._trigger = Trigger(lambda: self.connection_ids)
        self._reason = STARTING
        self._rejected: str | None = None
        self.is_unwanted = False
        """Another process or user streams this customer: the lease should go back."""
        self._was_up = False
        self._polled_at: float | None = None
        self._last_tick_at: datetime | None = None
        self._seen = 0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self._tasks = [
            asyncio.create_task(work) for work in (self._stream(), self._poll(), self._trigger.run())
        ]

    async def stop(self) -> None:
        """Say goodbye to the streamer and end."""
        if self.session is not None:
            await self.session.logout()
        await end_all(self._tasks)
        self._board.let_go(self)

    def broke(self) -> bool:
        """Tell whether a part of it has ended, which none should."""
        ended = [task for task in self._tasks if task.done()]
        for task in ended:
            error = None if task.cancelled() else task.exception()
            log.error("the stream of connection %s broke", self.connection_id, exc_info=error)
        return bool(ended)

    def want(self, plan: KeyPlan) -> None:
        """Follow these keys from now on."""
        self.plan = plan
        if self.session is not None:
            self.session.want(plan)

    def take_ticks(self, now: datetime) -> None:
        """Put what the stream brought since the last time on the board."""
        session = self.session
        if session is None:
            return
        if session.ticks.count != self._seen:
            self._seen, self._last_tick_at = session.ticks.count, now
        if session.caps != self.caps:
            self.caps = dict(session.caps)
        session.ticks.take(self._board, now, self)

    def state(self) -> StreamState:
        """Return how it stands."""
        session, plan = self.session, self.plan
        if session is not None and session.up:
            streamed = sum(len(keys) for keys in session.keys.values())
            polled = plan.polled
            return self._state("streaming", "", streamed, polled)
        every = settings.THOR_QUOTE_SECONDS[self._session_name()]
        polled_lately = (
            self._polled_at is not None
            and asyncio.get_running_loop().time() - self._polled_at < every * POLL_GOOD_FOR
        )
        return self._state("polling" if polled_lately else "down", self._reason, 0, plan.all)

    def _state(self, name: str, reason: str, symbols: int, polled: list[str]) -> StreamState:
        return StreamState(
            state=name,
            reason=reason,
            last_tick_at=self._last_tick_at,
            symbols=symbols,
            polled_symbols=polled,
        )

    async def _stream(self) -> None:
        """Connect again and again, with pauses."""
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            kind = await self._once()
            pause = self._backoff.pause_after(kind, clock() - began)
            log.info("stream of connection %s: %s; again in %.0f s", self.connection_id, kind, pause)
            await asyncio.sleep(pause)

    async def _once(self) -> str:
        """Serve one connection to its end; return how it ended."""
        key = None
        try:
            key = await in_thread(find_door, self.connection_id, self._rejected)
            self._rejected, self.customer = None, key.customer
            self.session = Session(
                key, on_activity=self._trigger.fire, on_up=self._came_up, on_ticks=self._on_ticks
            )
            if self.plan.streamed:
                self.session.want(self.plan)
            await self.session.serve()
        except StreamEnded as error:
            kind, self._reason = error.kind, REASONS[error.kind]
            self.is_unwanted = kind == "other_customer"
            if kind == "denied" and key is not None:
                self._rejected = key.access_token
        except errors.SchwabError as error:
            kind, self._reason = error.code, str(error)
        except DatabaseError as error:
            kind, self._reason = "database", f"Thor's database does not answer ({type(error).__name__})."
        finally:
            self.session = None
            self._board.let_go(self)
        return kind

    def _came_up(self) -> None:
        """The streamer took the login. What happened in the accounts while it was away, is read now."""
        if self._was_up:
            self._trigger.fire()
        self._was_up = True

    async def _poll(self) -> None:
        """Ask `/quotes` for what the stream does not carry, in the rhythm of the market's session."""
        await asyncio.sleep(FIRST_POLL)
        while True:
            streaming = self.session is not None and self.session.up
            wanted = self.plan.polled if streaming else self.plan.all
            await self._poll_once([symbol for symbol in wanted if not self._board.is_held(symbol)])
            await asyncio.sleep(settings.THOR_QUOTE_SECONDS[self._session_name()])

    async def _poll_once(self, symbols: list[str]) -> None:
        """Ask once; a failure leaves the quotes as they are, which then grow stale."""
        if not symbols:
            return
        try:
            connection = BrokerConnection(pk=self.connection_id)
            quotes = await in_thread(polling.fetch, connection, symbols)
        except errors.SchwabError as error:
            log.info("quotes for connection %s: %s", self.connection_id, error.code)
            return
        except DatabaseError as error:
            log.warning("quotes for connection %s: %s", self.connection_id, type(error).__name__)
            return
        self._polled_at = asyncio.get_running_loop().time()
        for quote in quotes:
            self._board.put(quote)
