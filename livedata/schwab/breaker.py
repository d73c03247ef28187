"""A breaker per API product: after five failures in a row Thor stops asking and probes once a minute.

Schwab's products fail apart from each other (reference §3.5), so each has its own row. The row is shared by all
processes; a probe is won by compare-and-swap.
"""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from livedata.schwab.errors import SchwabError, SchwabOddAnswer, SchwabUnavailable, SchwabUnreachable
from livedata.schwab.models import ProductHealth

OPENS_AFTER = 5
PROBE_EVERY = timedelta(seconds=60)
FAILURES = (SchwabUnreachable, SchwabUnavailable, SchwabOddAnswer)
"""What speaks of an outage. Refusals and throttling do not: the product answers."""


def admit(product: str) -> None:
    """Let a call through while the breaker is closed, or as the probe of this minute.

    Raises:
        SchwabUnavailable: the breaker is open; `retry_after` says when the next probe is due.
    """
    now = timezone.now()
    row = ProductHealth.objects.filter(product=product, failures__gte=OPENS_AFTER).first()
    if row is None:
        return
    due = Q(probe_at=None) | Q(probe_at__lte=now)
    if ProductHealth.objects.filter(due, pk=row.pk).update(probe_at=now + PROBE_EVERY):
        return
    wait = max(1.0, (row.probe_at - now).total_seconds()) if row.probe_at else PROBE_EVERY.total_seconds()
    raise SchwabUnavailable("Thor asks once a minute until it is over.", retry_after=wait)


def succeeded(product: str) -> None:
    """Close the breaker; costs no write while all is well."""
    ProductHealth.objects.filter(product=product).exclude(failures=0).update(
        failures=0, probe_at=None, last_good_at=timezone.now()
    )


def failed(product: str, error: SchwabError) -> None:
    """Count a failure that speaks of an outage."""
    if not isinstance(error, FAILURES):
        return
    now = timezone.now()
    ProductHealth.objects.get_or_create(product=product)
    rows = ProductHealth.objects.filter(product=product)
    rows.update(failures=F("failures") + 1, last_failed_at=now)
    rows.filter(failures=OPENS_AFTER, probe_at=None).update(probe_at=now + PROBE_EVERY)
