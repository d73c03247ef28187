"""The state of the link, kept in one place: connected, sign-in needed, disconnected, and the last error in words."""

from django.db import transaction
from django.utils import timezone

from actandpos import services as book
from actandpos.models import Account
from desk.services import record_event
from livedata.live import control
from livedata.schwab import errors
from livedata.schwab.models import BrokerConnection, SyncRun


def accounts_behind(connection: BrokerConnection, *, linked_only: bool = True) -> "list[int]":
    """Return the ids of the accounts that this connection brings."""
    rows = Account.objects.filter(schwab_link__connection=connection)
    return list((rows.filter(schwab_link__linked=True) if linked_only else rows).values_list("id", flat=True))


def show_link_state(connection: BrokerConnection) -> None:
    """Write the connection's state onto its accounts, where the book's readers find it.

    The state is read anew: while a sync waited for Schwab, the person may have disconnected.
    """
    now = timezone.now()
    row, accounts = BrokerConnection.objects.get(pk=connection.pk), accounts_behind(connection)
    book.set_link_state(accounts, str(row.state(now)))
    book.set_link_end(accounts, row.login_ends_at)


def require_reauth(connection: BrokerConnection, error: errors.SchwabError) -> bool:
    """Mark that only a new browser login helps. A login made meanwhile (another generation) is left alone."""
    with transaction.atomic():
        changed = BrokerConnection.objects.filter(
            pk=connection.pk,
            token_generation=connection.token_generation,
            status=BrokerConnection.Status.CONNECTED,
        ).update(status=BrokerConnection.Status.REAUTH_REQUIRED, next_sync_at=None)
        if not changed:
            return False
        connection.refresh_from_db()
        record_error(connection, error)
        show_link_state(connection)
        record_event(connection.owner, "schwab_reauth_required", connection_id=connection.pk)
    return True


def disconnect(connection: BrokerConnection) -> None:
    """Erase the tokens and forget the link; accounts and history stay."""
    with transaction.atomic():
        row = BrokerConnection.objects.select_for_update().get(pk=connection.pk)
        row.status = BrokerConnection.Status.NONE
        row.access_token_sealed = row.refresh_token_sealed = ""
        row.access_expires_at = row.refresh_issued_at = row.next_sync_at = None
        row.token_generation += 1
        row.sync_generation += 1
        row.sync_lease_owner, row.sync_lease_until = "", None
        row.refresh_lease_owner, row.refresh_lease_until = "", None
        row.last_error_code = row.last_error_message = row.last_error_action = ""
        row.last_error_at = None
        row.save()
        cut_loose = accounts_behind(row, linked_only=False)
        book.set_link_state(cut_loose, "none")
        record_event(row.owner, "schwab_disconnected", connection_id=row.pk)
        transaction.on_commit(lambda: control.end_accounts(cut_loose))
    connection.refresh_from_db()


def note_look(connection: BrokerConnection) -> None:
    """Note that its user has the page open; written at most every half minute, since the page asks often."""
    now = timezone.now()
    if connection.looked_at is None or now - connection.looked_at > connection.LOOKED_AT_FOR / 3:
        BrokerConnection.objects.filter(pk=connection.pk).update(looked_at=now)


def record_error(connection: BrokerConnection, error: errors.SchwabError) -> None:
    """Keep the last error in words for the screen; a link that was cut has none, and being cut is no error."""
    BrokerConnection.objects.filter(pk=connection.pk).exclude(status=BrokerConnection.Status.NONE).update(
        last_error_code=error.code,
        last_error_message=str(error)[:400],
        last_error_action=error.action[:300],
        last_error_at=timezone.now(),
    )


def clear_error(connection: BrokerConnection) -> None:
    """Forget the last error after a good answer; that the sign-in has ended meanwhile is not forgotten.

    Nor is what the last list of orders ended in: good balances say nothing about orders, a good list of them does.
    """
    connected = BrokerConnection.objects.filter(pk=connection.pk, status=BrokerConnection.Status.CONNECTED)
    said = connected.exclude(last_error_code="").values_list("last_error_message", flat=True).first()
    if said is None:
        return
    orders = connection.runs.filter(kind="orders").exclude(outcome=SyncRun.Outcome.RUNNING).first()
    if orders is not None and orders.outcome == SyncRun.Outcome.FAILED and orders.reason[:400] == said:
        return
    connected.update(last_error_code="", last_error_message="", last_error_action="", last_error_at=None)
