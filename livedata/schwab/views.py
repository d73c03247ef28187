"""HTTP of the broker's room: connect, look, ask, disconnect."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from actandpos import rendering
from actandpos import selectors as book
from actandpos import serializers as shapes
from actandpos.models import Account
from desk.people import signed_in
from desk.problems import Problem
from desk.serializers import ProblemSerializer
from livedata.market import eastern_date
from livedata.schwab import asking, errors, links, oauth, services
from livedata.schwab.connecting import complete_login
from livedata.schwab.selectors import connection_of, connection_view
from livedata.schwab.serializers import (
    ConnectionSerializer,
    PasteProblemSerializer,
    PasteSerializer,
    RefreshAnswerSerializer,
    RefreshSerializer,
)


def _session_key(request: HttpRequest) -> str:
    """Return the key of the browser's session, made when there is none yet."""
    if not request.session.session_key:
        request.session.create()
    return request.session.session_key or ""


def _back(**query: str) -> HttpResponse:
    """Send the browser to the page with a result."""
    return HttpResponseRedirect(f"/?{urlencode(query)}")


@never_cache
def oauth_start(request: HttpRequest) -> HttpResponse:
    """302 to Schwab's authorize page, with a one-time state bound to session and user."""
    if not request.user.is_authenticated:
        return _back(schwab="error", reason="not_signed_in")
    try:
        return HttpResponseRedirect(oauth.start(request.user, _session_key(request)))
    except errors.SchwabError as error:
        return _back(schwab="error", reason=errors.oauth_reason(error))


@never_cache
@sensitive_variables()
def oauth_callback(request: HttpRequest) -> HttpResponse:
    """Exchange the code at once and come back to the page with the result."""
    if not request.user.is_authenticated:
        return _back(schwab="error", reason="not_signed_in")
    found = oauth.Return(
        request.GET.get("code", ""), request.GET.get("state", ""), request.GET.get("error", "")
    )
    try:
        complete_login(request.user, _session_key(request), found)
    except errors.SchwabError as error:
        return _back(schwab="error", reason=errors.oauth_reason(error))
    return _back(schwab="connected")


@method_decorator([never_cache, sensitive_post_parameters(), sensitive_variables()], name="dispatch")
class PasteView(APIView):
    """The same as the callback, for an address that the browser could not open."""

    @extend_schema(
        operation_id="oauth_paste",
        request=PasteSerializer,
        responses={200: ConnectionSerializer, 400: PasteProblemSerializer, 401: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Take the address, exchange its code, answer the connection."""
        form = PasteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            found = oauth.read_address(form.validated_data["address"])
            complete_login(signed_in(request), _session_key(request._request), found)
        except errors.SchwabError as error:
            raise Problem(400, errors.oauth_reason(error), f"{error} {error.action}") from error
        return Response(ConnectionSerializer(connection_view(signed_in(request))).data)


@method_decorator(never_cache, name="dispatch")
class ConnectionView(APIView):
    """The state of the link."""

    @extend_schema(operation_id="connection", responses={200: ConnectionSerializer, 401: ProblemSerializer})
    def get(self, request: Request) -> Response:
        """Tell how the link stands: state, ends of tokens, last sync, last error."""
        user = signed_in(request)
        connection = connection_of(user)
        if connection is not None:
            links.note_look(connection)
        return Response(ConnectionSerializer(connection_view(user)).data)

    @extend_schema(operation_id="disconnect", responses={204: None, 401: ProblemSerializer})
    def delete(self, request: Request) -> Response:
        """Erase the tokens; accounts and history stay."""
        connection = connection_of(signed_in(request))
        if connection is not None:
            links.disconnect(connection)
        return Response(status=204)


@method_decorator(never_cache, name="dispatch")
class RefreshView(APIView):
    """Ask for fresh figures of all accounts."""

    @extend_schema(
        operation_id="refresh",
        request=RefreshSerializer,
        responses={202: RefreshAnswerSerializer, 401: ProblemSerializer},
    )
    def post(self, request: Request) -> Response:
        """Queue a sync; the answer says whether one is on its way."""
        form = RefreshSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        asked = asking.ask_for_sync(connection_of(signed_in(request)), form.validated_data["trigger"])
        return Response({"queued": asked.queued, "detail": asked.detail}, status=202)


class _FetchNowView(APIView):
    """Fetch one account from Schwab before answering."""

    def _account(self, request: Request, account_id: str) -> Account:
        """Return the owner's account, else 404."""
        return book.account_of(request.user, int(account_id))


def _or_problem(fetch: Callable[[Account], Account], account: Account) -> Account:
    """Fetch, or answer in words why it could not be done."""
    try:
        return fetch(account)
    except errors.SchwabError as error:
        raise Problem(503 if error.retry else 409, error.code, f"{error} {error.action}") from error


FETCH_PROBLEMS: dict[int, Any] = {
    404: ProblemSerializer,
    409: OpenApiResponse(ProblemSerializer, "A person must act: connect again, or mend the settings."),
    503: OpenApiResponse(ProblemSerializer, "Schwab gave no usable answer; the stored figures stay."),
}


@method_decorator(never_cache, name="dispatch")
class FetchBalancesView(_FetchNowView):
    """Balances, fetched now."""

    @extend_schema(
        operation_id="fetch_balances",
        responses={200: shapes.SummarySerializer, **FETCH_PROBLEMS},
    )
    def get(self, request: Request, account_id: str) -> Response:
        """Fetch now, apply, publish, answer the summary; within 5 s of the last time answer what is stored."""
        account = _or_problem(services.fetch_balances, self._account(request, account_id))
        return Response(shapes.summary_dict(book.summary(account, timezone.now())))


@method_decorator(never_cache, name="dispatch")
class FetchPositionsView(_FetchNowView):
    """Positions, fetched now."""

    @extend_schema(
        operation_id="fetch_positions",
        responses={200: shapes.PositionsSerializer, **FETCH_PROBLEMS},
    )
    def get(self, request: Request, account_id: str) -> HttpResponse:
        """Fetch now, apply, publish, answer the rows; within 5 s of the last time answer what is stored."""
        accounts = [_or_problem(services.fetch_positions, self._account(request, account_id))]
        today = eastern_date(timezone.now())
        parts = rendering.position_parts(accounts, today)
        body = rendering.positions_body(accounts[0].pk, accounts, parts, today)
        return HttpResponse(body, content_type="application/json")
