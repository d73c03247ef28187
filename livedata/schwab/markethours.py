"""`GET /markets` (reference §4.3) into the days that the market's calendar prefers over its own."""

from datetime import date, datetime, timedelta
from typing import Annotated

import msgspec
from django.utils import timezone
from msgspec import Meta, Struct

from livedata.models import MarketDay
from livedata.schwab.client import SchwabTraderAPI
from livedata.schwab.errors import SchwabOddAnswer
from livedata.schwab.models import BrokerConnection

DAYS_AHEAD = 4
KEPT = timedelta(hours=12)
Moment = Annotated[datetime, Meta(tz=True)]
SESSIONS = {"pre_market": "pre", "regular_market": "regular", "post_market": "post"}


class SpanWire(Struct, frozen=True):
    """One stretch, ISO with offset: a time without one would not compare with the clock."""

    start: Moment
    end: Moment


class SessionsWire(Struct, rename="camel", frozen=True):
    """The stretches of a day; sessions that Thor does not know are left aside."""

    pre_market: list[SpanWire] = []
    regular_market: list[SpanWire] = []
    post_market: list[SpanWire] = []

    def all(self) -> dict[str, list[SpanWire]]:
        """Return those that there are, by Thor's names."""
        found = {name: getattr(self, field) for field, name in SESSIONS.items()}
        return {name: spans for name, spans in found.items() if spans}


class HoursWire(Struct, rename="camel", frozen=True):
    """One product's day; `isOpen` means trading day, not open right now."""

    is_open: bool
    session_hours: SessionsWire = SessionsWire()


def learn_days(connection: BrokerConnection, today: date) -> int:
    """Ask for today and the next days where what is kept is older than 12 hours; return how many were learned.

    Raises:
        SchwabError: the built-in calendar serves meanwhile.
    """
    days = [today + timedelta(days=offset) for offset in range(DAYS_AHEAD)]
    recent = MarketDay.objects.filter(date__in=days, fetched_at__gt=timezone.now() - KEPT)
    known = set(recent.values_list("date", flat=True))
    api = SchwabTraderAPI(connection)
    wanted = [day for day in days if day not in known]
    for day in wanted:
        hours = read_hours(api.fetch_markets(day).body)
        values = {
            "is_open": hours.is_open,
            "hours": _spans(hours),
            "source": "schwab",
            "fetched_at": timezone.now(),
        }
        MarketDay.objects.update_or_create(date=day, defaults=values)
    return len(wanted)


def read_hours(body: bytes) -> HoursWire:
    """Read the equity market's day: product `EQ` on trading days, `equity` on closed ones.

    Raises:
        SchwabOddAnswer: neither is there.
    """
    try:
        products = msgspec.json.decode(body, type=dict[str, dict[str, HoursWire]]).get("equity", {})
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SchwabOddAnswer("The market hours were not readable.") from error
    hours = products.get("EQ") or products.get("equity")
    if hours is None or (hours.is_open and not hours.session_hours.regular_market):
        raise SchwabOddAnswer("The market hours name no equity market.")
    if any(span.start >= span.end for spans in hours.session_hours.all().values() for span in spans):
        raise SchwabOddAnswer("A session of the market hours ends before it begins.")
    return hours


def _spans(hours: HoursWire) -> dict[str, list[str]]:
    """Return `{session: [start, end]}`; Schwab sends one stretch a session."""
    return {
        name: [spans[0].start.isoformat(), spans[-1].end.isoformat()]
        for name, spans in hours.session_hours.all().items()
    }
