"""How old a quote may be: it depends on the market's session and on whether somebody receives its changes."""

from datetime import datetime, timedelta

from msgspec import Struct

from livedata.market import regular_open_before, session_at

SILENT_SECONDS = {"regular": 30, "pre": 90, "post": 90, "closed": 1800, "holiday": 1800}
"""How long a quote counts that nobody receives the changes of, by session."""
GRACE = timedelta(minutes=2)
"""After the opening a symbol may still have no new quote."""


class Allowance(Struct, frozen=True):
    """What the session of a moment allows."""

    session: str
    since: datetime
    """A quote that moved last before this is from another day."""
    silent: timedelta
    until: datetime
    """When another allowance begins to count."""

    def is_stale(self, newest: datetime | None, received_at: datetime, now: datetime, *, held: bool) -> bool:
        """Tell whether a quote that moved last at `newest` is older than allowed.

        A held quote is one whose every change somebody receives: its silence is the market's own.
        """
        if newest is None or newest < self.since:
            return True
        return not held and now - received_at > self.silent


def allowance_at(now: datetime) -> Allowance:
    """Return what is allowed at a moment: in the regular session quotes of today's, else of the last one's day."""
    session = session_at(now)
    since = regular_open_before(now - GRACE)
    until = min(session.changes_at, now + timedelta(minutes=1))
    return Allowance(session.session, since, timedelta(seconds=SILENT_SECONDS[session.session]), until)
