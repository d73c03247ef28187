"""Fetch → normalize → apply → publish: every way in which figures of Schwab reach the book."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from actandpos.models import Account
from livedata.schwab import applying, errors, leases, linking, links, normalizers, runs, schedule
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.ordersync import sync_orders


def sync_connection(
    connection: BrokerConnection, trigger: str, *, with_orders: bool = False
) -> SyncRun | None:
    """Bring all accounts of a connection up to date with one HTTP call; optionally the orders with one more.

    Returns the run, or None when another process is syncing (or, for the schedule, when nothing is due any more).

    Raises:
        SchwabError: what is recorded in the run as well.
    """
    due_by = timezone.now() if trigger == "schedule" else None
    lease = leases.take_sync(connection.pk, due_by=due_by)
    if lease is None:
        return None
    try:
        connection.refresh_from_db()
        api = SchwabTraderAPI(connection)
        run = _sync_accounts(connection, api, lease, trigger)
        if with_orders:
            sync_orders(connection, api, lease, trigger)
    except errors.NotAuthorized as error:
        links.require_reauth(connection, error)
        raise
    except errors.SchwabError as error:
        schedule.plan_after_failure(connection, error)
        raise
    finally:
        leases.release_sync(lease)
    return run


def _sync_accounts(
    connection: BrokerConnection, api: SchwabTraderAPI, lease: leases.Lease, trigger: str
) -> SyncRun:
    """Fetch and apply all accounts under the lease."""
    with runs.recorded(connection, "accounts", trigger) as tally:
        try:
            fetched = api.fetch_accounts()
            fresh_until = fresh_until_after(fetched.observed_at)
            readings = normalizers.read_accounts(fetched.body, fetched.observed_at, fresh_until)
            known = linking.known_accounts(connection)
            if applying.has_strangers(readings, known):
                for note in linking.learn_accounts(connection, api):
                    tally.note(note)
                known = linking.known_accounts(connection)
            applying.apply_readings(connection, lease, readings, known, tally)
        finally:
            tally.calls = api.calls
    schedule.plan_after_success(connection, tally)
    return tally.run


def fetch_account(account: Account, *, max_age: float | None = None) -> Account:
    """Fetch one account now from Schwab, apply and publish it; answer what is stored when it is younger than
    `max_age` seconds (default `THOR_FETCH_NOW_AGE`).

    Raises:
        SchwabError: the stored figures stay as they were.
    """
    age = settings.THOR_FETCH_NOW_AGE if max_age is None else max_age
    account.refresh_from_db()
    if account.checked_at and timezone.now() - account.checked_at < timedelta(seconds=age):
        return account
    link = linking.link_of(account)
    lease = leases.wait_for_sync(link.connection_id, seconds=settings.THOR_HTTP_DEADLINE)
    try:
        account.refresh_from_db()
        if account.checked_at and timezone.now() - account.checked_at < timedelta(seconds=age):
            return account  # whoever held the lease has just brought it
        _fetch_one(link.connection, lease, account, link.hash_value)
    except errors.NotAuthorized as error:
        links.require_reauth(link.connection, error)
        raise
    finally:
        leases.release_sync(lease)
    account.refresh_from_db()
    return account


def _fetch_one(connection: BrokerConnection, lease: leases.Lease, account: Account, hash_value: str) -> None:
    """Fetch and apply one account under the lease."""
    api = SchwabTraderAPI(connection)
    with runs.recorded(connection, "accounts", "api") as tally:
        try:
            fetched = api.fetch_account_details(hash_value)
            fresh_until = fresh_until_after(fetched.observed_at)
            reading = normalizers.read_account(fetched.body, fetched.observed_at, fresh_until)
            if isinstance(reading, normalizers.UnreadableAccount):
                raise errors.SchwabOddAnswer(reading.reason)
            applying.apply_one(connection, lease, account, reading, tally)
        finally:
            tally.calls = api.calls


def fetch_balances(account: Account) -> Account:
    """Fetch now and return the account with its balances; one answer of Schwab's carries positions too."""
    return fetch_account(account)


def fetch_positions(account: Account) -> Account:
    """Fetch now and return the account whose positions were brought up to date."""
    return fetch_account(account)


def fresh_until_after(observed_at: datetime) -> datetime:
    """Return when figures seen at `observed_at` count as stale: three missed syncs, at least a minute."""
    return observed_at + timedelta(seconds=max(60, 3 * schedule.interval(observed_at)))
