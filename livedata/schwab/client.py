"""SchwabTraderAPI: the GET calls Thor makes, each typed in its failures. It never places an order."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TypeVar
from urllib.parse import quote

import msgspec
from django.conf import settings
from django.utils import timezone

from livedata.schwab import errors, tokens, transport, trying
from livedata.schwab.models import BrokerConnection

T = TypeVar("T")

TRADER = "/trader/v1"
MARKET = "/marketdata/v1"
HISTORY = "history"
"""Counts as a product of its own for the breaker: a year that cannot be read must not keep today's figures away."""

TRANSACTION_TYPES = (
    "TRADE,RECEIVE_AND_DELIVER,DIVIDEND_OR_INTEREST,ACH_RECEIPT,ACH_DISBURSEMENT,CASH_RECEIPT,CASH_DISBURSEMENT,"
    "ELECTRONIC_FUND,WIRE_OUT,WIRE_IN,JOURNAL,MEMORANDUM,MARGIN_CALL,MONEY_MARKET,SMA_ADJUSTMENT"
)
"""The parameter is required and takes several; all of them mean everything (§2.5)."""


class Fetched(msgspec.Struct, frozen=True):
    """A good answer: its JSON text and when it was asked for."""

    body: bytes
    observed_at: datetime


class AccountNumber(
    msgspec.Struct, frozen=True, rename={"number": "accountNumber", "hash_value": "hashValue"}
):
    """One row of `/accounts/accountNumbers`: the plain number and the hash that paths take."""

    number: str
    hash_value: str


class SchwabTraderAPI:
    """Schwab's API for one connection. `calls` counts the HTTP requests sent to the API (not the token endpoint)."""

    def __init__(self, connection: BrokerConnection) -> None:
        self.connection = connection
        self.calls = 0

    def fetch_accounts(self) -> Fetched:
        """`GET /accounts?fields=positions`: balances and positions of every linked account in one call."""
        return self._get(TRADER + "/accounts", {"fields": "positions"})

    def fetch_account_details(self, hash_value: str) -> Fetched:
        """`GET /accounts/{hash}?fields=positions`: the same for one account, without the array."""
        return self._get(f"{TRADER}/accounts/{quote(hash_value, safe='')}", {"fields": "positions"})

    def fetch_account_numbers(self) -> list[AccountNumber]:
        """`GET /accounts/accountNumbers`: number and hash of every linked account."""
        fetched = self._get(TRADER + "/accounts/accountNumbers")
        return _decode(fetched.body, list[AccountNumber])

    def fetch_orders(self, since: datetime, until: datetime) -> Fetched:
        """`GET /orders`: orders of all accounts by entry time; `since` at most 60 days back."""
        return self._get(
            TRADER + "/orders", {"fromEnteredTime": _query_time(since), "toEnteredTime": _query_time(until)}
        )

    def fetch_account_orders(self, hash_value: str, since: datetime, until: datetime) -> Fetched:
        """`GET /accounts/{hash}/orders`: one account's, by entry time; at most a year wide."""
        window = {"fromEnteredTime": _query_time(since), "toEnteredTime": _query_time(until)}
        return self._get(f"{TRADER}/accounts/{quote(hash_value, safe='')}/orders", window, HISTORY)

    def fetch_order(self, hash_value: str, order_id: str) -> Fetched:
        """`GET /accounts/{hash}/orders/{orderId}`: one order with what hangs under it."""
        return self._get(f"{TRADER}/accounts/{quote(hash_value, safe='')}/orders/{quote(order_id, safe='')}")

    def fetch_transactions(self, hash_value: str, since: datetime, until: datetime) -> Fetched:
        """`GET /accounts/{hash}/transactions`: of every type; at most a year wide, at most 3,000 rows."""
        window = {"startDate": _query_time(since), "endDate": _query_time(until)}
        path = f"{TRADER}/accounts/{quote(hash_value, safe='')}/transactions"
        return self._get(path, {**window, "types": TRANSACTION_TYPES}, HISTORY)

    def fetch_user_preference(self) -> Fetched:
        """`GET /userPreference`: nicknames and the streamer's address."""
        return self._get(TRADER + "/userPreference")

    def fetch_quotes(self, symbols: Iterable[str], fields: str = "reference") -> Fetched:
        """`GET /quotes`: at most 500 symbols."""
        return self._get(MARKET + "/quotes", {"symbols": ",".join(symbols), "fields": fields})

    def fetch_markets(self, day: date) -> Fetched:
        """`GET /markets`: the equity market's hours of one date."""
        return self._get(MARKET + "/markets", {"markets": "equity", "date": day.isoformat()})

    def _get(self, path: str, params: dict[str, str] | None = None, product: str = "") -> Fetched:
        """GET a path; a 401 is worth one forced refresh and one more try (§3.2)."""
        token = tokens.fresh_access_token(self.connection)
        product = product or path.split("/")[1]
        answer, observed_at = self._ask(path, params, token, product)
        if answer.status == 401:
            token = tokens.fresh_access_token(self.connection, rejected=token)
            answer, observed_at = self._ask(path, params, token, product)
        if answer.status == 401:
            raise errors.NotAuthorized(status=401)
        return Fetched(answer.body, observed_at)

    def _ask(
        self, path: str, params: dict[str, str] | None, token: str, product: str
    ) -> tuple[transport.Answer, datetime]:
        """Ask as often as is worth it; return the answer and when its request was sent."""
        sent_at = timezone.now()

        def send(seconds: float) -> transport.Answer:
            nonlocal sent_at
            self.calls += 1
            sent_at = timezone.now()
            headers = {"Authorization": f"Bearer {token}"}
            url = settings.SCHWAB_BASE_URL + path
            return transport.request("GET", url, headers=headers, params=params, deadline=seconds)

        answer = trying.ask(send, product=product, watched=self.connection.is_watched(sent_at))
        return answer, sent_at


def _query_time(moment: datetime) -> str:
    """Write a time as Schwab's queries want it: `2026-05-01T00:00:00.000Z`."""
    at = moment.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _decode(body: bytes, kind: type[T]) -> T:
    """Decode JSON of a known shape."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise errors.SchwabOddAnswer("It was not what Schwab describes.") from error
