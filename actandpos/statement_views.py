"""The statement over HTTP: transactions and realized P/L of a range, as JSON and as CSV, and the year so far."""

from collections.abc import Callable, Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response

from actandpos import statement as rendering
from actandpos.eastern import eastern_day
from actandpos.models import Account
from actandpos.statement_csv import as_of_line, statement_csv
from actandpos.views import JSON, REVALIDATE, asked_accounts, reading
from desk.problems import problem

CSV = "text/csv; charset=utf-8"
Maker = Callable[[int | None, Sequence[Account], rendering.Range, str], bytes]


class BadRange(ValueError):
    """The days asked for cannot be read, or end before they begin."""


def asked_days(request: HttpRequest) -> rendering.Range:
    """Return the range asked for, by default the Eastern year so far. Raises `BadRange`."""
    today = eastern_day(timezone.now())
    try:
        first = date.fromisoformat(request.GET.get("from") or f"{today.year:04}-01-01")
        last = date.fromisoformat(request.GET.get("to") or today.isoformat())
    except ValueError as error:
        raise BadRange("from and to must be days such as 2026-01-31.") from error
    if first > last:
        raise BadRange("from must not be later than to.")
    return rendering.Range(first, last)


def _answer(request: HttpRequest, kind: str, content_type: str, make: Maker) -> HttpResponseBase:
    """Answer from what was rendered for this version, or say that the browser has it."""
    account_id, accounts = asked_accounts(request)
    try:
        days = asked_days(request)
    except BadRange as error:
        return problem(400, "invalid_range", str(error))

    key = rendering.stamp(accounts, days, kind)
    scope, versions = str(account_id), _versions(accounts)
    tag = rendering.etag(key, accounts, scope)
    response: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if response is None:
        response = HttpResponse(make(account_id, accounts, days, key), content_type=content_type)
        if _versions(accounts) != versions:  # a writer came between, and the accounts are as of what is shown
            tag = rendering.etag(rendering.stamp(accounts, days, kind), accounts, scope)
    response["ETag"] = tag
    response["Cache-Control"] = REVALIDATE
    return response


def _versions(accounts: Sequence[Account]) -> list[object]:
    return [(each.transactions_version, each.transactions_checked_at) for each in accounts]


@reading
def statement(request: HttpRequest) -> HttpResponseBase:
    """Transactions, realized P/L and totals of a range of Eastern days, of one account or of all."""
    return _answer(request, "statement", JSON, rendering.body)


@reading
def csv(request: HttpRequest) -> HttpResponseBase:
    """The same transactions as a file."""

    def make(_: int | None, accounts: Sequence[Account], days: rendering.Range, key: str) -> bytes:
        rows = rendering.once(accounts, days, "csv", lambda: statement_csv(accounts, days), key)
        return as_of_line(accounts, days) + rows

    response = _answer(request, "csv", CSV, make)
    if response.status_code == 200:
        days = asked_days(request)
        name = f"thor-statement-{days.first.isoformat()}-{days.last.isoformat()}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@reading
def pl_ytd(request: HttpRequest) -> HttpResponseBase:
    """The P/L of the Eastern year so far, of one account or of all."""
    account_id, accounts = asked_accounts(request)
    return HttpResponse(
        rendering.year_body(account_id, accounts, eastern_day(timezone.now())), content_type=JSON
    )
