"""One browser's subscription to one channel: nothing is lost or told twice between snapshot and changes."""

from collections.abc import Callable

from livedata.live.messages import LATEST, Message

HELD = 256
"""Messages kept back while a snapshot is read; beyond it the oldest go, and the version shows the gap."""


NO_MARKS = (-1, -1)


class Subscription:
    """Puts messages to the browser, each version once.

    While a snapshot is read, what arrives is held back: the subscription at the bus is older than the snapshot,
    so that every change is in one of the two, or in both; what the snapshot knows already is then dropped. So are
    marks that were computed from an older book than the one that was told last.
    """

    __slots__ = ("_held", "_marks", "_put", "_ticket", "_version", "account_id")

    def __init__(self, put: Callable[[Message], None], account_id: int | None = None) -> None:
        self.account_id = account_id
        self._put = put
        self._version = -1
        self._marks = NO_MARKS
        self._ticket = 0
        self._held: list[Message] | None = None

    def deliver(self, message: Message) -> None:
        """Pass on a message of the bus unless it is known."""
        if self._held is not None:
            self._held.append(message)
            if len(self._held) > HELD:
                del self._held[0]
        elif message.seq is not None:
            if message.version >= self._version and _place(message) > self._marks:
                self._put(message)
        elif message.kind == LATEST:
            self._put(message)
        elif message.version > self._version:
            self._version = message.version
            self._put(message)

    def hold(self) -> int:
        """Keep messages back: a snapshot will be read. Returns the ticket for `release`."""
        if self._held is None:
            self._held = []
        self._ticket += 1
        return self._ticket

    def release(self, ticket: int, snapshot: Message | None, marks: Message | None) -> None:
        """Send the snapshot with the marks known then, and after it what neither of them knows.

        Only the last ticket counts: an earlier one's snapshot may be older than what was passed on since.
        Marks belong after the book that they were computed from, so they take their place among what was held.
        Marks of an older book than the snapshot's are left out: newer ones are on their way.
        """
        if ticket != self._ticket:
            return
        held, self._held = self._held or [], None
        self._version = snapshot.version if snapshot else -1
        if snapshot is not None:
            self._put(snapshot)
        if marks is not None and marks.version < self._version:
            marks = None
        self._marks = NO_MARKS if marks is None else _place(marks)
        for message in held:
            if marks is not None and _after(message, marks):
                self._put(marks)
                marks = None
            self.deliver(message)
        if marks is not None:
            self._put(marks)


def _after(message: Message, marks: Message) -> bool:
    """Tell whether a message belongs after the stored marks."""
    if message.kind == LATEST:
        return _place(message) > _place(marks)
    return message.version > marks.version


def _place(marks: Message) -> tuple[int, int]:
    """Return where marks stand: `seq` begins anew with every version of the book."""
    return marks.version, marks.seq or 0
