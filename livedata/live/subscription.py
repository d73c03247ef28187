"""One browser's subscription to one channel: nothing is lost or told twice between snapshot and changes."""

from collections.abc import Callable

from livedata.live.messages import LATEST, Message

HELD = 256
"""Messages kept back while a snapshot is read; beyond it the oldest go, and the version shows the gap."""


class Subscription:
    """Puts messages to the browser, each version once.

    While a snapshot is read, what arrives is held back: the subscription at the bus is older than the snapshot,
    so that every change is in one of the two, or in both; what the snapshot knows already is then dropped.
    """

    __slots__ = ("_held", "_put", "_seq", "_ticket", "_version", "account_id")

    def __init__(self, put: Callable[[Message], None], account_id: int | None = None) -> None:
        self.account_id = account_id
        self._put = put
        self._version = self._seq = -1
        self._ticket = 0
        self._held: list[Message] | None = None

    def deliver(self, message: Message) -> None:
        """Pass on a message of the bus unless it is known."""
        if self._held is not None:
            self._held.append(message)
            if len(self._held) > HELD:
                del self._held[0]
        elif message.kind == LATEST:
            if message.seq is None or message.seq > self._seq:
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
        self._seq = -1 if marks is None or marks.seq is None else marks.seq
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
        return (message.seq or 0) > (marks.seq or 0)
    return message.version > marks.version
