"""What each kind of trouble means to Thor (reference §3.2), and how each of Schwab's doors is knocked at."""

from collections.abc import Callable
from typing import Any
from unittest import mock

from msgspec import Struct, field

from actandpos.models import Account, Position
from livedata.models import Instrument, MarketDay
from livedata.schwab import descriptions, dividends, errors, services, tasks
from livedata.schwab.models import BrokerConnection, LinkedAccount, ProductHealth

Kind = type[errors.SchwabError]
Fault = dict[str, Any]
SHORT = 0.3
"""The total deadline where an answer does not come in time."""


class Trouble(Struct, frozen=True):
    """A fault of the stand-in, how often a question is then asked, and what it ends in."""

    fault: Fault
    kind: Kind
    tries: int = 1
    held: float | None = None
    deadline: float | None = None


def outage(kind: str, **options: Any) -> Trouble:
    """Asked three times."""
    return Trouble({"kind": kind, **options}, errors.SchwabUnavailable, 3)


def odd(kind: str, **options: Any) -> Trouble:
    """Asked once: it would only say the same."""
    return Trouble({"kind": kind, **options}, errors.SchwabOddAnswer)


def cut(**options: Any) -> Trouble:
    """A line that breaks is tried anew."""
    return Trouble({"kind": "cut_body", **options}, errors.SchwabUnreachable, 3)


def late(kind: str, **options: Any) -> Trouble:
    """The deadline is for all tries together, so there is one."""
    return Trouble({"kind": kind, **options}, errors.SchwabUnreachable, deadline=SHORT)


def refused(status: int, kind: Kind) -> Trouble:
    """The API itself says no."""
    return Trouble({"kind": "status", "status": status, "body": '{"message": "no"}'}, kind)


def throttled(held: float, **options: Any) -> Trouble:
    """Asked once, and then everybody is quiet for a while."""
    return Trouble({"kind": "throttled", **options}, errors.SchwabThrottled, held=held)


TROUBLE: dict[str, list[Trouble]] = {
    "refusals": [
        refused(400, errors.SchwabRefused),
        refused(403, errors.SchwabRefused),
        refused(404, errors.SchwabNotFound),
        Trouble({"kind": "unauthorized"}, errors.NotAuthorized, 2),
        throttled(60, retry_after=None),
        throttled(90, retry_after=90),
    ],
    "outages": [
        *[Trouble({"kind": kind}, errors.SchwabUnavailable) for kind in ("cdn_403", "not_found_text")],
        *map(outage, ("server_error", "bad_gateway", "unavailable", "gateway_timeout")),
        *map(outage, ("status_text", "status_number")),
    ],
    "odd answers": [
        *map(odd, ("redirect", "empty_body", "html_ok", "bad_gzip")),
        *[odd("wrong_content_type", form=form) for form in ("json_as_html", "html_as_json")],
    ],
    "broken lines": [
        cut(),
        cut(chunked=True, reset=True),
        late("slow", seconds=3),
        late("drip_headers"),
        late("drip_body"),
    ],
}
VARIANTS = [
    *[outage("server_error", family=family) for family in "ABD"],
    *[outage("unavailable", family=family) for family in "AB"],
    outage("bad_gzip", form="error"),
    odd("bad_gzip", form="truncated"),
    *[odd("redirect", status=status) for status in (301, 303, 307, 308)],
    cut(after=0),
    cut(after=0.99),
    cut(chunked=True),
    cut(reset=True),
]
"""The same troubles in other words."""


class Door(Struct, frozen=True):
    """An endpoint: its name at the stand-in, how it is counted there, how Thor comes to ask it."""

    name: str
    route: str
    knock: Callable[[BrokerConnection], object]
    run: str = "accounts"
    before: Callable[[BrokerConnection], object] = field(default=lambda connection: None)


def list_sync(connection: BrokerConnection) -> object:
    """Sync as a person asked."""
    return services.sync_connection(connection, "manual")


def forget_one(connection: BrokerConnection) -> None:
    """Let one account be a stranger, as after it was opened."""
    LinkedAccount.objects.filter(connection=connection).latest("id").delete()


def whole_sync(connection: BrokerConnection) -> object:
    """Sync the orders as well."""
    return services.sync_connection(connection, "manual", with_orders=True)


def one_account(connection: BrokerConnection) -> object:
    """Fetch the first account now."""
    account = Account.objects.filter(schwab_link__connection=connection).earliest("id")
    return services.fetch_account(account, max_age=0)


def know_nothing(connection: BrokerConnection) -> None:
    """Forget what market data told, so that it is asked again."""
    Position.objects.update(description=None)
    for model in (Instrument, MarketDay, ProductHealth):
        model._default_manager.all().delete()


def names(connection: BrokerConnection) -> int:
    """Ask for names as the worker does, but for nothing else."""
    with mock.patch.object(dividends, "ask_for_dividends", return_value=0):
        return tasks.name_instruments(connection.pk)


def payments(connection: BrokerConnection) -> int:
    """Ask for dividends alone."""
    with mock.patch.object(descriptions, "ask_for_names", return_value=0):
        return tasks.name_instruments(connection.pk)


TRADER = "GET /trader/v1"
LIST = Door("accounts", f"{TRADER}/accounts", list_sync)
ORDERS = Door("orders", f"{TRADER}/orders", whole_sync, "orders")
ONE = Door("account", f"{TRADER}/accounts/{{hash}}", one_account)
NUMBERS = Door("accountNumbers", f"{TRADER}/accounts/accountNumbers", list_sync, before=forget_one)
PREFERENCE = Door("userPreference", f"{TRADER}/userPreference", list_sync, before=forget_one)
QUOTES = Door("quotes", "GET /marketdata/v1/quotes", names, before=know_nothing)
DIVIDENDS = Door("quotes", "GET /marketdata/v1/quotes", payments, before=know_nothing)
MARKETS = Door(
    "markets",
    "GET /marketdata/v1/markets",
    lambda connection: tasks.refresh_market_days(),
    before=know_nothing,
)
TOKEN = "POST /v1/oauth/token"
