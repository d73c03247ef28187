"""Names of shares: equity rows come without one, so they are asked from `/quotes` and kept a day."""

from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.utils import timezone
from msgspec import Struct

from actandpos import services as book
from actandpos.models import Account, Position
from actandpos.types import SnapshotChange
from livedata.models import Instrument
from livedata.schwab import errors, links
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.models import BrokerConnection
from livedata.schwab.publish import publish_change

KEPT = timedelta(days=1)
ASK_AGAIN = timedelta(minutes=15)
AT_ONCE = 500
"""Schwab's limit of symbols in one `/quotes` call."""


class ReferenceWire(Struct, frozen=True):
    """§4.1 `reference`."""

    description: str | None = None


class QuoteWire(Struct, frozen=True):
    """§4.1 one entry, of which only the reference is read here."""

    reference: ReferenceWire | None = None


def fill_known_names(account: Account, change: SnapshotChange) -> SnapshotChange:
    """Fill names that are known already; the change then also carries the rows and the version of that."""
    nameless = Position.objects.filter(account=account, description=None)
    symbols = list(nameless.values_list("symbol", flat=True))
    names = dict(
        Instrument.objects.filter(symbol__in=symbols)
        .exclude(description="")
        .values_list("symbol", "description")
    )
    if not names:
        return change
    named = list(nameless.filter(symbol__in=names).values_list("id", flat=True))
    book.set_descriptions(account.pk, names)
    version = Account.objects.values_list("version", flat=True).get(pk=account.pk)
    ids = list(dict.fromkeys([*change.changed_ids, *named]))
    return msgspec.structs.replace(change, version=version, changed_ids=ids)


def missing_names(connection: BrokerConnection) -> list[str]:
    """Return symbols without a name that nobody asked about within a day, at most one call's worth."""
    rows = Position.objects.filter(account__schwab_link__connection=connection, description=None)
    symbols = set(rows.values_list("symbol", flat=True).distinct())
    asked = Instrument.objects.filter(symbol__in=symbols, asked_at__gt=timezone.now() - KEPT)
    return sorted(symbols - set(asked.values_list("symbol", flat=True)))[:AT_ONCE]


def ask_for_names(connection: BrokerConnection) -> int:
    """Ask for missing names and write them into the book; return how many were learned.

    Without an answer the same symbols are asked again a while later: not knowing a name is no fault of the figures,
    and a stand-in may have no `/quotes` at all.
    """
    symbols = missing_names(connection)
    if not symbols:
        return 0
    try:
        names = read_names(SchwabTraderAPI(connection).fetch_quotes(symbols).body)
    except (errors.SchwabNotFound, errors.SchwabUnavailable, errors.NotAuthorized, errors.SchwabRefused):
        _remember(symbols, {}, timezone.now() - KEPT + ASK_AGAIN)
        return 0
    _remember(symbols, names, timezone.now())
    if names:
        _write(connection, names)
    return len(names)


def read_names(body: bytes) -> dict[str, str]:
    """Read `{symbol: description}` from a `/quotes` answer, skipping its `errors` entry.

    Raises:
        SchwabOddAnswer: it is not an object of quotes.
    """
    try:
        entries = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        quotes = {
            symbol: msgspec.json.decode(raw, type=QuoteWire)
            for symbol, raw in entries.items()
            if symbol != "errors"
        }
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise errors.SchwabOddAnswer("The quotes were not readable.") from error
    return {
        symbol[:64]: quote.reference.description[:200]
        for symbol, quote in quotes.items()
        if quote.reference and quote.reference.description
    }


def _remember(symbols: list[str], names: dict[str, str], asked_at: datetime) -> None:
    """Keep what was learned, and that the others were asked for; an answer without names takes none away."""
    rows = [
        Instrument(symbol=symbol, description=names.get(symbol, ""), asked_at=asked_at) for symbol in symbols
    ]
    Instrument.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["symbol"],
        update_fields=["description", "asked_at"] if names else ["asked_at"],
    )


def _write(connection: BrokerConnection, names: dict[str, str]) -> None:
    """Write names into this connection's accounts and publish the rows that gained one."""
    for account_id in links.accounts_behind(connection, linked_only=False):
        with transaction.atomic():
            nameless = Position.objects.filter(account=account_id, description=None, symbol__in=names)
            ids = list(nameless.values_list("id", flat=True))
            if not ids or not book.set_descriptions(account_id, names):
                continue
            # The account is locked by now, so this is the version that the names made.
            version = Account.objects.values_list("version", flat=True).get(pk=account_id)
        publish_change(
            SnapshotChange(
                outcome="applied",
                account_id=account_id,
                base_version=version - 1,
                version=version,
                changed_ids=ids,
            )
        )
