"""What the socket must be told about the book: who may see a channel, its snapshot, and how accounts stand."""

from collections.abc import Callable, Collection
from datetime import datetime

from msgspec import Struct

from livedata.live.channels import Channel


class Snapshot(Struct, frozen=True):
    """A channel as it stands: the message (JSON) and the version that it holds."""

    version: int
    text: str


class AccountState(Struct, frozen=True):
    """What a heartbeat tells of an account; `owner_id` never leaves the server."""

    owner_id: int
    version: int
    orders_version: int
    checked_at: str | None
    link_state: str
    is_stale: bool


class Gate(Struct, frozen=True):
    """The functions that the socket is handed. They are called in a thread and may use the database.

    - `visible(user_id, channels)`: those that the user may see.
    - `snapshots(channels)`: by name; a channel without one is left out.
    - `states(account_ids)`: by account; one that is gone is left out.
    """

    visible: Callable[[int, Collection[Channel]], set[Channel]]
    snapshots: Callable[[Collection[Channel]], dict[str, Snapshot]]
    states: Callable[[Collection[int]], dict[int, AccountState]]


def utc_text(value: datetime) -> str:
    """Return a time in UTC with milliseconds and `Z`."""
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
