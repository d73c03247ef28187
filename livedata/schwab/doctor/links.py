"""The connections: whether their tokens can be opened, and when they end."""

from collections.abc import Iterator

from django.db import DatabaseError
from django.utils import timezone

from livedata.schwab.doctor.finding import Finding, bad, doubt, good
from livedata.schwab.errors import EncryptionKeyError
from livedata.schwab.models import BrokerConnection


def connections() -> Iterator[Finding]:
    """Look at every connection; people are named by their id."""
    try:
        rows = list(BrokerConnection.objects.exclude(status=BrokerConnection.Status.NONE))
    except DatabaseError:
        return  # said by the check of the database
    if not rows:
        yield doubt(
            "connections", "Nobody has connected Schwab yet.", "Sign in to Thor and choose Connect Schwab."
        )
    for row in rows:
        yield _one(row)


def _one(row: BrokerConnection) -> Finding:
    """Say how one connection stands."""
    name, now = f"connection {row.pk}", timezone.now()
    try:
        tokens = bool(row.access_token and row.refresh_token)
    except EncryptionKeyError as error:
        return bad(name, error.detail, error.action)
    state, ends = row.state(now), row.login_ends_at
    if state == BrokerConnection.Status.REAUTH_REQUIRED or not tokens or ends is None:
        return bad(name, "Its sign-in has ended.", "Its user connects Schwab again.")
    until = f"Its login lasts until {ends:%Y-%m-%d %H:%M} UTC"
    if row.last_error_code:
        return doubt(name, f"{until}; last error: {row.last_error_message}", row.last_error_action)
    if state == "expiring":
        return doubt(name, f"{until}.", "Its user connects Schwab again before that.")
    return good(name, f"{until}.")
