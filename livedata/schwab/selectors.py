"""What the screen may know of a connection."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from django.utils import timezone

from livedata.schwab.models import SOURCES, BrokerConnection, SyncRun
from livedata.schwab.runs import GOOD
from livedata.schwab.streamer.state import StreamState, read_state

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NO_STREAM = StreamState(state="off", reason="Schwab is not connected.")


def connection_of(user: "User") -> BrokerConnection | None:
    """Return the user's connection, if there ever was one."""
    return BrokerConnection.objects.filter(owner=user).first()


def connection_view(user: "User") -> dict[str, Any]:
    """Return the connection as the screen shows it; never a token, a number or a hash."""
    connection, now = connection_of(user), timezone.now()
    head = {
        "app_configured": bool(settings.SCHWAB_CLIENT_ID and settings.SCHWAB_CLIENT_SECRET),
        "callback_url": settings.SCHWAB_CALLBACK_URL,
    }
    if connection is None:
        return head | _nothing()
    return head | {
        "state": connection.state(now),
        "connected_at": connection.connected_at,
        "access_expires_at": connection.access_expires_at,
        "login_ends_at": connection.login_ends_at,
        "syncing": bool(connection.sync_lease_until and connection.sync_lease_until > now),
        "next_sync_at": connection.next_sync_at,
        "last_success_at": connection.last_success_at,
        "last_sync": _run(connection.runs.filter(kind="accounts").first()),
        "sources": [_source(connection, kind) for kind in SOURCES],
        "last_error": _error(connection),
        "stream": _stream(connection),
    }


def _nothing() -> dict[str, Any]:
    """Return the view of a user who never connected."""
    empty = ("connected_at", "access_expires_at", "login_ends_at", "next_sync_at", "last_success_at")
    return {
        "state": "none",
        **dict.fromkeys(empty),
        "syncing": False,
        "last_sync": None,
        "sources": [],
        "last_error": None,
        "stream": msgspec.structs.asdict(NO_STREAM),
    }


def _run(run: SyncRun | None) -> dict[str, Any] | None:
    """Return one run's record."""
    if run is None:
        return None
    names = ("kind", "trigger", "outcome", "started_at", "ended_at", "reason")
    return {name: getattr(run, name) for name in names}


def _source(connection: BrokerConnection, kind: str) -> dict[str, Any]:
    """Return when one source last answered well and how it last ended."""
    ended = connection.runs.filter(kind=kind).exclude(outcome=SyncRun.Outcome.RUNNING)
    last = ended.first()
    good: datetime | None = ended.filter(outcome__in=GOOD).values_list("ended_at", flat=True).first()
    return {
        "source": kind,
        "last_success_at": good,
        "last_outcome": last.outcome if last else None,
        "reason": last.reason if last else "",
    }


def _error(connection: BrokerConnection) -> dict[str, Any] | None:
    """Return the last error in words."""
    if not connection.last_error_code:
        return None
    return {
        "code": connection.last_error_code,
        "message": connection.last_error_message,
        "action": connection.last_error_action,
        "at": connection.last_error_at,
    }


def _stream(connection: BrokerConnection) -> dict[str, Any]:
    """Return how the stream of its figures stands."""
    connected = connection.status == BrokerConnection.Status.CONNECTED
    return msgspec.structs.asdict(read_state(connection.pk) if connected else NO_STREAM)
