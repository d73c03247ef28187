"""The book over HTTP: plain Django views, since a framework's view costs more than the cached answer."""

import re
from collections.abc import Callable, Sequence
from functools import wraps

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from actandpos import activity, rendering, selectors
from actandpos.eastern import eastern_day
from actandpos.models import Account
from actandpos.wire import summary_dict
from desk.problems import problem

View = Callable[[HttpRequest], HttpResponseBase]
JSON = "application/json"
NO_STORE = "private, no-store"
REVALIDATE = "private, no-cache"
LARGEST_ID = 2**63 - 1


class BadAccountId(Exception):
    """`account_id` is not a number that an account could have."""


def reading(view: View) -> View:
    """Wrap a view for reading: GET and HEAD only, for who is signed in, errors in the API's one shape."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponseBase:
        response = _answer(view, request)
        patch_vary_headers(response, ["Cookie"])
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = NO_STORE
        return response

    return wrapped


def _answer(view: View, request: HttpRequest) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        refusal = problem(405, "method_not_allowed", f"Method {request.method} is not allowed here.")
        refusal["Allow"] = "GET, HEAD"
        return refusal
    if not request.user.is_authenticated:
        refusal = problem(401, "not_authenticated", "Sign in first.")
        refusal["WWW-Authenticate"] = "Session"
        return refusal
    try:
        return view(request)
    except BadAccountId:
        return problem(400, "invalid_account_id", "account_id must be the number of an account.")
    except Http404 as error:
        return problem(404, "not_found", str(error))


def asked_accounts(request: HttpRequest) -> tuple[int | None, Sequence[Account]]:
    """Return the account asked for, or null and all of the user's. Raises `BadAccountId` or a 404."""
    text = request.GET.get("account_id", "")
    if not text:
        return None, list(selectors.accounts_of(request.user))
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > LARGEST_ID:
        raise BadAccountId
    account = selectors.account_of(request.user, int(text))
    return account.pk, [account]


def json_answer(content: object) -> HttpResponse:
    """Return an answer in JSON."""
    return HttpResponse(msgspec.json.encode(content), content_type=JSON)


def unless_known(
    request: HttpRequest, etag: Callable[[], str], body: Callable[[], bytes], content_type: str = JSON
) -> HttpResponseBase:
    """Return a body under its entity tag, or 304 where the browser has it.

    Making the body may bring what the tag is made of up to date, so the tag is made again after it.
    """
    tag = etag()
    response: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if response is None:
        response = HttpResponse(body(), content_type=content_type)
        tag = etag()
    response["ETag"] = tag
    response["Cache-Control"] = REVALIDATE
    return response


@reading
def accounts(request: HttpRequest) -> HttpResponseBase:
    """The user's accounts, each as in the summary."""
    now = timezone.now()
    return json_answer(
        [summary_dict(selectors.summary(each, now)) for each in selectors.accounts_of(request.user)]
    )


@reading
def account_summary(request: HttpRequest) -> HttpResponseBase:
    """One account's figures, or the total of all."""
    account_id, chosen = asked_accounts(request)
    now = timezone.now()
    if account_id is None:
        return json_answer(summary_dict(selectors.total(chosen, now)))
    return json_answer(summary_dict(selectors.summary(chosen[0], now)))


@reading
def positions(request: HttpRequest) -> HttpResponseBase:
    """The holdings of one account or of all; 304 when the browser has them."""
    account_id, chosen = asked_accounts(request)
    today = eastern_day(timezone.now())
    scope = "all" if account_id is None else "one"

    def body() -> bytes:
        return rendering.positions_body(account_id, chosen, rendering.position_parts(chosen, today), today)

    return unless_known(request, lambda: rendering.etag(chosen, today, scope), body)


@reading
def activity_today(request: HttpRequest) -> HttpResponseBase:
    """The trading day: orders by group, the holdings, and whether the account may trade."""
    account_id, chosen = asked_accounts(request)
    now = timezone.now()
    return unless_known(
        request,
        lambda: activity.etag(account_id, chosen, now),
        lambda: activity.activity_body(account_id, chosen, now),
    )
