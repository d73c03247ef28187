"""Sign-ins under way and connections: whether what is sealed opens, how the last syncs ended, when the login ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Exists, OuterRef
from django.utils import timezone

from livedata.schwab.doctor.finding import Finding, bad, doubt, good
from livedata.schwab.errors import EncryptionKeyError
from livedata.schwab.models import BrokerConnection, OAuthState, SyncRun
from livedata.schwab.oauth import STATE_LIFE
from livedata.schwab.runs import GOOD

OVERDUE = timedelta(minutes=2)
RECONNECT = "Its user connects Schwab again."


def sign_ins() -> Iterator[Finding]:
    """Look for sign-ins that were begun and did not come back, unless their user has connected since."""
    since = BrokerConnection.objects.filter(owner=OuterRef("owner"), connected_at__gte=OuterRef("created_at"))
    states = OAuthState.objects.filter(~Exists(since)).order_by("created_at")
    try:
        begun = list(states.values_list("created_at", flat=True))
    except DatabaseError:
        return  # said by the check of the database
    if not begun:
        return
    last, now = begun[-1], timezone.now()
    what = f"{len(begun)} sign-in{'s were' if len(begun) > 1 else ' was'} begun and did not come back from Schwab"
    until = f"it counts until {_time(last + STATE_LIFE)}" if last + STATE_LIFE > now else "it is too late now"
    yield doubt(
        "sign-in",
        f"{what}; the last one at {_time(last)}, {until}.",
        "If Schwab showed an error page, compare app key and callback with the developer portal, and wait for Ready "
        "For Use. If the browser could not open the callback, paste its address.",
    )


def connections() -> Iterator[Finding]:
    """Look at every connection; people are named by their id."""
    try:
        rows = list(BrokerConnection.objects.exclude(status=BrokerConnection.Status.NONE))
        for row in rows:
            yield from _one(row, timezone.now())
    except DatabaseError:
        return  # said by the check of the database
    if not rows:
        yield doubt(
            "connections", "Nobody has connected Schwab yet.", "Sign in to Thor and choose Connect Schwab."
        )


def _one(row: BrokerConnection, now: datetime) -> Iterator[Finding]:
    """Say how one connection stands."""
    name, state, ends = f"connection {row.pk}", row.state(now), row.login_ends_at
    try:
        tokens = bool(row.access_token and row.refresh_token)
        for link in row.links.all():
            _ = link.number, link.hash_value
    except EncryptionKeyError as error:
        what = "Its tokens or account numbers cannot be opened with TOKEN_ENCRYPTION_KEYS"
        yield bad(name, f"{what}. {error.detail}", error.action)
        return
    if state == BrokerConnection.Status.REAUTH_REQUIRED or not tokens or ends is None:
        yield bad(name, "Its sign-in has ended.", RECONNECT)
        return
    yield _login(name, state, ends, row.access_expires_at, now)
    yield from _syncs(name, row, now)


def _login(name: str, state: str, ends: datetime, access_ends: datetime | None, now: datetime) -> Finding:
    """Say when the login ends, and the access token with it."""
    left = ends - now
    text = f"Its login lasts until {ends:%Y-%m-%d %H:%M} UTC ({left.days} d {left.seconds // 3600} h)"
    if access_ends is not None:
        ended = access_ends <= now
        text += f"; its access token {'ended' if ended else 'ends'} at {_time(access_ends)}"
        text += ", and the next sync fetches another" if ended else ""
    return (
        doubt(name, f"{text}.", "Its user connects Schwab again before that.")
        if state == "expiring"
        else good(name, f"{text}.")
    )


def _syncs(name: str, row: BrokerConnection, now: datetime) -> Iterator[Finding]:
    """Say how its last syncs ended, and whether one is due that nobody does."""
    well = True
    for kind in ("accounts", "orders"):
        run = row.runs.filter(kind=kind).exclude(outcome=SyncRun.Outcome.RUNNING).first()
        if run is not None and run.outcome not in (*GOOD, SyncRun.Outcome.SUPERSEDED):
            well = False
            action = row.last_error_action or "Thor keeps the last good figures and tries again by itself."
            when = f"at {_time(run.started_at)}"
            yield doubt(name, f"Its last sync of {kind} {when} did not end well. {run.reason}", action)
    if well and row.last_error_code:
        yield doubt(name, f"Its last error: {row.last_error_message}", row.last_error_action)
    elif row.next_sync_at is None or row.next_sync_at < now - OVERDUE:
        since = f" since {_time(row.next_sync_at)}" if row.next_sync_at else ""
        yield doubt(name, f"A sync is due{since} and nobody does it.", "Look at worker and beat above.")
    elif well and row.last_success_at:
        yield good(name, f"Its last sync at {_time(row.last_success_at)} went well.")


def _time(moment: datetime) -> str:
    """Write a moment as all of the examination does."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
