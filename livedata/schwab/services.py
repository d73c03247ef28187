"""Fetch → normalize → apply → publish: every way in which figures of Schwab reach the book."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from actandpos.models import Account
from livedata.schwab import applying, errors, leases, linking, links, normalizers, runs, schedule
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.models import BrokerConnection, SyncRun
from livedata.schwab.ordersync import sync_orders
from livedata.schwab.worth import record_worth


def sync_connection(
    connection: BrokerConnection,
    trigger: str,
    *,
    with_orders: bool = False,
    asked_at: datetime | None = None,
) -> SyncRun | None:
    """Bring all accounts of a connection up to date with one HTTP call; optionally the orders with one more.

    Returns the run, or None when another process is syncing, when nothing is due any more (for the schedule), or when
    a sync that began after `asked_at` has brought what was wanted.

    Raises:
        SchwabError: what is recorded in the run as well.
    """
    due_by = timezone.now() if trigger == "schedule" else None
    lease = leases.take_sync(connection.pk, due_by=due_by, asked_at=asked_at, plans=True)
    if lease is None:
        return None
    try:
        connection.refresh_from_db()
        api = SchwabTraderAPI(connection)
        run = _sync_accounts(connection, api, lease, trigger)
        if with_orders and leases.is_ours(lease):
            orders = sync_orders(connection, api, lease, trigger)
            if {run.outcome, orders.outcome} <= set(runs.GOOD):
                links.clear_error(connection)
        schedule.plan_next(lease)
    except errors.NotAuthorized as error:
        links.require_reauth(connection, error)
        raise
    except errors.HeldBack as error:
        if leases.is_ours(lease):
            schedule.plan_anew(connection, error)
        raise
    except errors.SchwabError as error:
        if leases.is_ours(lease):
            schedule.plan_after_failure(connection, error)
        raise
    finally:
        leases.release_sync(lease)
    return run


def _sync_accounts(
    connection: BrokerConnection, api: SchwabTraderAPI, lease: leases.Lease, trigger: str
) -> SyncRun:
    """Fetch and apply all accounts under the lease."""
    with runs.recorded(connection, lease, "accounts", trigger) as tally:
        try:
            fetched = api.fetch_accounts()
            fresh_until = fresh_until_after(fetched.observed_at)
            readings = normalizers.read_accounts(fetched.body, fetched.observed_at, fresh_until)
            known = linking.known_accounts(connection)
            if applying.has_strangers(readings, known):
                known = _learn(connection, api, known, tally)
            applying.apply_readings(connection, lease, readings, known, tally)
        finally:
            tally.calls = api.calls
    schedule.note_success(connection, tally)
    record_worth(connection, fetched.observed_at)
    return tally.run


def _learn(
    connection: BrokerConnection, api: SchwabTraderAPI, known: dict[str, linking.Known], tally: runs.Tally
) -> dict[str, linking.Known]:
    """Link accounts that are new in the list; when that fails, the known ones are still brought up to date.

    Raises:
        SchwabError: nothing is known yet, or the sign-in has ended.
    """
    try:
        notes = linking.learn_accounts(connection, api)
    except (errors.NotAuthorized, errors.ReauthRequired):
        raise
    except errors.SchwabError as error:
        if not known:
            raise
        notes = [f"New accounts could not be linked: {error}"]
    for note in notes:
        tally.note(note)
    return linking.known_accounts(connection)


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
    with runs.recorded(connection, lease, "accounts", "api") as tally:
        try:
            fetched = api.fetch_account_details(hash_value)
            fresh_until = fresh_until_after(fetched.observed_at)
            reading = normalizers.read_account(fetched.body, fetched.observed_at, fresh_until)
            if isinstance(reading, normalizers.UnreadableAccount):
                raise errors.SchwabOddAnswer(reading.reason)
            applying.apply_one(connection, lease, account, reading, tally)
        finally:
            tally.calls = api.calls
    if tally.run.outcome in runs.GOOD and not connection.failures:
        links.clear_error(connection)


def fetch_balances(account: Account) -> Account:
    """Fetch now and return the account with its balances; one answer of Schwab's carries positions too."""
    return fetch_account(account)


def fetch_positions(account: Account) -> Account:
    """Fetch now and return the account whose positions were brought up to date."""
    return fetch_account(account)


def fresh_until_after(observed_at: datetime) -> datetime:
    """Return when figures seen at `observed_at` count as stale."""
    return observed_at + schedule.fresh_for(observed_at)
