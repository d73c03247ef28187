"""One turn at an account's history, whatever is read: who may take it, and what becomes of its errors."""

from collections.abc import Callable

from livedata.schwab import errors, history, links
from livedata.schwab.history import Claim
from livedata.schwab.models import BrokerConnection, HistoryProgress, LinkedAccount

MORE, DONE, BUSY, GONE = "more", "done", "busy", "gone"
"""What a turn ended in, besides an error's code."""
Read = Callable[[LinkedAccount, HistoryProgress, Claim], str]


def take_turn(account_id: int, kind: str, read: Read) -> str:
    """Read one window under a claim; return what `read` says of it.

    Or `busy` (another reads), `gone` (not linked, not connected) or an error's code; the error is kept with the
    progress, and the next try planned.
    """
    link = _link(account_id)
    if link is None:
        return GONE
    progress = history.progress_of(link.account, kind)
    claim = history.take(progress)
    if claim is None:
        return BUSY
    try:
        return read(link, progress, claim)
    except errors.HeldBack as held:
        history.wait(claim, held.retry_after or 1.0)
        return held.code
    except errors.SchwabError as error:
        history.fail(claim, error)
        if isinstance(error, errors.NotAuthorized):
            links.require_reauth(link.connection, error)
        return error.code
    finally:
        history.give_back(claim)


def _link(account_id: int) -> LinkedAccount | None:
    """Return where an account lives, if it can be read."""
    rows = LinkedAccount.objects.select_related("connection", "account")
    connected = BrokerConnection.Status.CONNECTED
    link = rows.filter(account_id=account_id, linked=True, connection__status=connected).first()
    return link if link is not None and link.hash_value_sealed else None
