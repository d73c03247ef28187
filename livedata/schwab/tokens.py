"""The access token: always a usable one, refreshed exactly once however many processes and threads ask.

The right to refresh is a lease on the connection's row (see `leases`), the HTTP runs outside any transaction, and
the result is stored only if the lease and the token generation are still the ones that were taken. Redis plays no
part here.
"""

import random
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from livedata.schwab import errors, leases, oauth
from livedata.schwab.links import require_reauth
from livedata.schwab.models import BrokerConnection

MARGIN = timedelta(seconds=60)
"""A token this close to its end is not handed out: it could expire on the way."""
WAIT_SECONDS = 40.0
COOL_OFF = timedelta(seconds=5)
"""After a failed refresh nobody asks again for this long; they get the same error."""
KINDS: dict[str, type[errors.SchwabError]] = {
    kind.code: kind
    for kind in (
        errors.SchwabUnreachable,
        errors.SchwabUnavailable,
        errors.SchwabThrottled,
        errors.SchwabOddAnswer,
        errors.ClientRefused,
        errors.AppNotConfigured,
        errors.EncryptionKeyError,
    )
}
"""What a refresh can fail with and still leave the login alone."""


def fresh_access_token(connection: BrokerConnection, *, rejected: str | None = None) -> str:
    """Return a valid access token for this connection.

    `rejected` is a token that Schwab has just answered with 401: if the stored one is newer, that is returned,
    else one refresh is made. The object passed in learns the generation of the token returned, so that whoever
    sees that one refused can say which login has ended.

    Raises:
        NotConnected, ReauthRequired, ClientRefused, EncryptionKeyError: a person must act.
        SchwabUnreachable, SchwabUnavailable, SchwabThrottled, HeldBack, SchwabOddAnswer: later.
    """
    asked_at = timezone.now()
    ends = time.monotonic() + WAIT_SECONDS
    while True:
        row = BrokerConnection.objects.get(pk=connection.pk)
        _must_be_connected(row)
        connection.token_generation = row.token_generation
        token = _usable(row, rejected, margin=MARGIN) or _shared_failure(row, rejected, asked_at)
        if token:
            return token
        lease = leases.take_refresh(row)
        if lease is not None:
            token = _refresh(row, lease, rejected)
            connection.token_generation = row.token_generation
            return token
        if time.monotonic() > ends:
            raise errors.SchwabUnreachable("Another process is still refreshing the sign-in.")
        time.sleep(random.uniform(0.02, 0.08))  # noqa: S311 (jitter, no secret)


def refresh_ahead(connection: BrokerConnection) -> None:
    """Refresh when the access token ends within `THOR_REFRESH_AHEAD` seconds, so that nobody has to wait for it."""
    row = BrokerConnection.objects.get(pk=connection.pk)
    _must_be_connected(row)
    if _usable(row, None, margin=timedelta(seconds=settings.THOR_REFRESH_AHEAD)):
        return
    lease = leases.take_refresh(row)
    if lease is not None:
        _refresh(row, lease, None)


def store_login(connection: BrokerConnection, tokens: oauth.TokenAnswer) -> None:
    """Store the tokens of a browser login: the 7 days begin now. The caller saves nothing else of the row."""
    now = timezone.now()
    with transaction.atomic():
        row = BrokerConnection.objects.select_for_update().get(pk=connection.pk)
        row.access_token, row.refresh_token = tokens.access_token, tokens.refresh_token
        row.access_expires_at = now + timedelta(seconds=tokens.expires_in)
        row.refresh_issued_at = row.connected_at = now
        row.status = BrokerConnection.Status.CONNECTED
        row.token_generation += 1
        row.refresh_lease_owner, row.refresh_lease_until = "", None
        row.refresh_failed_at, row.refresh_failure = None, ""
        row.failures, row.next_sync_at, row.list_suspect = 0, now, False
        row.last_error_code = row.last_error_message = row.last_error_action = ""
        row.last_error_at = None
        row.save()
    connection.refresh_from_db()


def _must_be_connected(row: BrokerConnection) -> None:
    """Refuse early what a person must mend first."""
    if row.status == BrokerConnection.Status.NONE:
        raise errors.NotConnected
    if row.status == BrokerConnection.Status.REAUTH_REQUIRED:
        raise errors.ReauthRequired
    if row.login_ends_at is not None and row.login_ends_at <= timezone.now():
        require_reauth(row, errors.ReauthRequired("The 7 days are over."))
        raise errors.ReauthRequired("The 7 days are over.")


def _usable(row: BrokerConnection, rejected: str | None, *, margin: timedelta) -> str | None:
    """Return the stored token if it lives long enough and is not the rejected one."""
    if row.access_expires_at is None or row.access_expires_at - timezone.now() <= margin:
        return None
    token = row.access_token
    return token if token and token != rejected else None


def _shared_failure(row: BrokerConnection, rejected: str | None, asked_at: datetime) -> str | None:
    """Give those who waited through a failed refresh, or come right after it, what the one who tried got.

    That is the old token while it lives, else the same error.
    """
    if row.refresh_failed_at is None:
        return None
    if row.refresh_failed_at < asked_at and timezone.now() - row.refresh_failed_at >= COOL_OFF:
        return None
    still = _usable(row, rejected, margin=timedelta(0))
    if still is None:
        code, _, detail = row.refresh_failure.partition(" ")
        raise KINDS.get(code, errors.SchwabUnavailable)(detail)
    return still


def _refresh(row: BrokerConnection, lease: leases.Lease, rejected: str | None) -> str:
    """Do the one refresh under the lease; whoever lost the lease meanwhile stores nothing and reads anew."""
    try:
        tokens = oauth.refresh_tokens(row.refresh_token)
    except errors.ReauthRequired as error:
        with transaction.atomic():  # nobody may find the lease free before the link says that it has ended
            ours = _give_back(lease) and require_reauth(row, error)
        if ours:
            raise
        return fresh_access_token(row, rejected=rejected)
    except errors.HeldBack:
        _give_back(lease)  # Schwab was not asked, so nothing failed that others should hear of
        still = _usable(row, rejected, margin=timedelta(0))
        if still:
            return still
        raise
    except errors.SchwabError as error:
        failure = f"{error.code} {error.detail}"[:300]
        _give_back(lease, refresh_failed_at=timezone.now(), refresh_failure=failure)
        still = _usable(row, rejected, margin=timedelta(0))
        if still:
            return still
        raise
    except BaseException:
        _give_back(lease)  # not ours to handle, but nobody should wait for the lease to run out
        raise
    row.access_token, row.refresh_token = tokens.access_token, tokens.refresh_token
    stored = _give_back(
        lease,
        access_token_sealed=row.access_token_sealed,
        refresh_token_sealed=row.refresh_token_sealed,
        access_expires_at=timezone.now() + timedelta(seconds=tokens.expires_in),
        token_generation=lease.generation + 1,
        refresh_failed_at=None,
        refresh_failure="",
    )
    if not stored:
        return fresh_access_token(row, rejected=rejected)
    row.token_generation = lease.generation + 1
    return tokens.access_token


def _give_back(lease: leases.Lease, **values: object) -> bool:
    """Release the refresh lease and store `values` in the same statement, if it is still ours."""
    rows = BrokerConnection.objects.filter(
        pk=lease.connection_id,
        refresh_lease_owner=lease.owner,
        token_generation=lease.generation,
        status=BrokerConnection.Status.CONNECTED,
    )
    return bool(rows.update(refresh_lease_owner="", refresh_lease_until=None, **values))
