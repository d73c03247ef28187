"""SchwabTraderAPI: the GET calls Thor makes, each typed in its failures. It never places an order."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TypeVar
from urllib.parse import quote

import msgspec
from django.conf import settings
from django.utils import timezone

from livedata.schwab import errors, tokens, transport
from livedata.schwab.models import BrokerConnection

T = TypeVar("T")

TRADER = "/trader/v1"
MARKET = "/marketdata/v1"


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

    def fetch_user_preference(self) -> Fetched:
        """`GET /userPreference`: nicknames and the streamer's address."""
        return self._get(TRADER + "/userPreference")

    def fetch_quotes(self, symbols: Iterable[str], fields: str = "reference") -> Fetched:
        """`GET /quotes`: at most 500 symbols."""
        return self._get(MARKET + "/quotes", {"symbols": ",".join(symbols), "fields": fields})

    def fetch_markets(self, day: date) -> Fetched:
        """`GET /markets`: the equity market's hours of one date."""
        return self._get(MARKET + "/markets", {"markets": "equity", "date": day.isoformat()})

    def _get(self, path: str, params: dict[str, str] | None = None) -> Fetched:
        """GET a path; a 401 is worth one forced refresh and one more try (§3.2)."""
        token = tokens.fresh_access_token(self.connection)
        observed_at = timezone.now()
        answer = self._send(path, params, token)
        if answer.status == 401:
            token = tokens.fresh_access_token(self.connection, rejected=token)
            observed_at = timezone.now()
            answer = self._send(path, params, token)
        error = failure(answer)
        if error is not None:
            raise error
        return Fetched(answer.body, observed_at)

    def _send(self, path: str, params: dict[str, str] | None, token: str) -> transport.Answer:
        """Send one counted request."""
        self.calls += 1
        headers = {"Authorization": f"Bearer {token}"}
        return transport.request("GET", settings.SCHWAB_BASE_URL + path, headers=headers, params=params)


def failure(answer: transport.Answer) -> errors.SchwabError | None:
    """Return the error that an answer stands for (§3.1, §3.2), or None when it is good JSON by its label."""
    status = answer.status
    if status == 200:
        return None if answer.is_json else errors.SchwabOddAnswer("It was not JSON.", status=status)
    if status == 429:
        return errors.SchwabThrottled(
            status=status, retry_after=_seconds(answer.headers.get("retry-after", ""))
        )
    if status == 401:
        return errors.NotAuthorized(status=status)
    if status < 400:
        return errors.SchwabOddAnswer(f"(HTTP {status})", status=status)
    if status >= 500 or not answer.is_json:
        # The platform in front answers 403 pages and 404 text while it is in trouble; the API itself speaks JSON.
        return errors.SchwabUnavailable(f"(HTTP {status})", status=status)
    kind = errors.SchwabNotFound if status == 404 else errors.SchwabRefused
    return kind(f"(HTTP {status})", status=status)


def _seconds(text: str) -> float | None:
    """Read `Retry-After` given in seconds."""
    return min(float(text), 3600.0) if text.strip().isdecimal() else None


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
