"""Who streams which connection: leases on the connections' rows, taken by compare-and-swap, renewed while they last.

Schwab lets a customer have one streamer connection. Two rows may be of one customer (two users of Thor with one
Schwab login), so whoever takes a row looks afterwards whether another row of the customer is taken too, and if so
gives it back: of two that take at once, at least one sees the other.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from msgspec import Struct

from livedata.schwab.models import BrokerConnection

CONNECTED = BrokerConnection.Status.CONNECTED


class Candidate(Struct, frozen=True):
    """A connection that could be streamed."""

    connection_id: int
    customer: str


def _until(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.THOR_STREAM_LEASE)


def _free(now: datetime) -> Q:
    return Q(stream_lease_owner="") | Q(stream_lease_until__lte=now) | Q(stream_lease_until=None)


def renew(owner: str) -> dict[int, str]:
    """Renew everything this process holds of connections that are still usable; return customers by connection.

    A lease that ran out is not renewed: somebody may be about to take it.
    """
    now = timezone.now()
    mine = BrokerConnection.objects.filter(stream_lease_owner=owner)
    mine.exclude(status=CONNECTED).update(stream_lease_owner="", stream_lease_until=None)
    mine.filter(stream_lease_until__gt=now).update(stream_lease_until=_until(now))
    rows = mine.filter(stream_lease_until__gt=now).values_list("id", "customer_identity")
    return dict(rows)


def candidates(limit: int) -> list[Candidate]:
    """Return connections that nobody streams, in random order so that processes do not all want the same."""
    now = timezone.now()
    streamed = BrokerConnection.objects.filter(stream_lease_until__gt=now).exclude(stream_lease_owner="")
    customers = streamed.exclude(customer_identity="").values("customer_identity")
    rows = BrokerConnection.objects.filter(_free(now), status=CONNECTED).order_by("?")
    rows = rows.exclude(customer_identity__in=customers)
    return [Candidate(*row) for row in rows.values_list("id", "customer_identity")[:limit]]


def take(candidate: Candidate, owner: str) -> bool:
    """Take the right to stream a connection; False when somebody has it, or another connection of the customer."""
    now = timezone.now()
    row = BrokerConnection.objects.filter(_free(now), pk=candidate.connection_id, status=CONNECTED)
    if not row.update(stream_lease_owner=owner, stream_lease_until=_until(now)):
        return False
    if is_alone(candidate.connection_id):
        return True
    give_back(owner, [candidate.connection_id])
    return False


def is_alone(connection_id: int) -> bool:
    """Tell whether no other connection of the same customer is being streamed."""
    customer = BrokerConnection.objects.values_list("customer_identity", flat=True).get(pk=connection_id)
    if not customer:
        return True
    others = BrokerConnection.objects.filter(
        customer_identity=customer, stream_lease_until__gt=timezone.now()
    )
    return not others.exclude(pk=connection_id).exclude(stream_lease_owner="").exists()


def give_back(owner: str, connection_ids: Collection[int] | None = None) -> None:
    """Give leases back, all of them when none are named; harmless when they were lost."""
    rows = BrokerConnection.objects.filter(stream_lease_owner=owner)
    if connection_ids is not None:
        rows = rows.filter(pk__in=connection_ids)
    rows.update(stream_lease_owner="", stream_lease_until=None)


def siblings(connection_id: int) -> list[int]:
    """Return the connections of the same customer, this one first: one stream serves the accounts of all of them."""
    customer = BrokerConnection.objects.values_list("customer_identity", flat=True).get(pk=connection_id)
    if not customer:
        return [connection_id]
    same = BrokerConnection.objects.filter(customer_identity=customer, status=CONNECTED)
    others = same.exclude(pk=connection_id).order_by("pk").values_list("pk", flat=True)
    return [connection_id, *others]
