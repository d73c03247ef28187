"""A Schwab inside the test: says what the test wants, counts what was asked, lets things happen meanwhile."""

import json
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import responses

Json = dict[str, Any]
Reply = tuple[int, dict[str, str], str] | Exception

ACCOUNTS, ORDERS = "/trader/v1/accounts", "/trader/v1/orders"
NUMBERS, PREFERENCE = "/trader/v1/accounts/accountNumbers", "/trader/v1/userPreference"
TOKEN, QUOTES, MARKETS = "/v1/oauth/token", "/marketdata/v1/quotes", "/marketdata/v1/markets"
JSON_TYPE = {"Content-Type": "application/json"}
FIVE = ("31415926", "27182818", "16180339", "14142135", "05772156")
CUSTOMER = "canary-customer-id"
REFRESH_TOKEN = "canary-refresh@"


def hash_of(number: str) -> str:
    """Return the hash that paths take for an account number."""
    return sha256(f"canary {number}".encode()).hexdigest().upper()


def transactions_of(number: str) -> str:
    """Return the path of an account's transactions."""
    return f"{ACCOUNTS}/{hash_of(number)}/transactions"


def share(symbol: str, quantity: float, price: float) -> Json:
    """Return a long row of §2.3."""
    return {
        "instrument": {"assetType": "EQUITY", "symbol": symbol, "netChange": 0.5},
        "longQuantity": quantity,
        "shortQuantity": 0.0,
        "averagePrice": price - 1,
        "marketValue": quantity * price,
        "currentDayProfitLoss": quantity * 0.5,
        "currentDayProfitLossPercentage": 0.25,
        "longOpenProfitLoss": quantity,
    }


AAPL, MSFT = share("AAPL", 10, 190.25), share("MSFT", 4, 400)


def account(number: str, *rows: Json, cash: float = 1000.0) -> Json:
    """Return an element of `GET /accounts` whose balances count exactly these rows."""
    value = sum(row["marketValue"] for row in rows)
    balances = {"liquidationValue": cash + value, "cashBalance": cash, "equity": cash + value}
    body: Json = {"type": "MARGIN", "accountNumber": number, "currentBalances": balances}
    return {"securitiesAccount": body | ({"positions": list(rows)} if rows else {})}


def order(number: str, order_id: int, status: str, entered: str, **more: Any) -> Json:
    """Return an element of `GET /orders`: 5 shares to buy; the account number comes as an integer."""
    leg = {"orderLegType": "EQUITY", "legId": 1, "instruction": "BUY", "quantity": 5.0}
    instrument = {"assetType": "EQUITY", "symbol": "AAPL"}
    return {
        "orderId": order_id,
        "accountNumber": int(number),
        "status": status,
        "orderType": "LIMIT",
        "orderStrategyType": "SINGLE",
        "duration": "DAY",
        "quantity": 5.0,
        "filledQuantity": 0.0,
        "price": 190.5,
        "enteredTime": entered,
        "orderLegCollection": [leg | {"instrument": instrument}],
    } | more


def said(status: int, body: Any, kind: str = "application/json", **headers: str) -> Reply:
    """Return an answer; a body that is no text becomes JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return status, {"Content-Type": kind} | headers, text


UNAUTHORIZED = said(401, {"errors": [{"status": 401, "title": "Unauthorized"}]})


def _within(transaction: Json, query: dict[str, str]) -> bool:
    """Tell whether a transaction lies in the window that a query asks for."""
    start, end = (datetime.fromisoformat(query[name]) for name in ("startDate", "endDate"))
    return start <= datetime.fromisoformat(transaction["time"]) <= end


class FakeSchwab:
    """What Schwab says. `queue` holds one-time answers by path, `meanwhile` what happens while a call waits."""

    def __init__(self) -> None:
        self.book: dict[str, Json] = {}
        self.orders: list[Json] = []
        self.transactions: dict[str, list[Json]] = {}
        self.quotes: Json = {}
        self.numbers: list[str] | None = None
        self.queue: defaultdict[str, deque[Reply]] = defaultdict(deque)
        self.meanwhile: dict[str, Callable[[], object]] = {}
        self.calls: Counter[str] = Counter()
        self.seen: list[requests.PreparedRequest] = []
        self.issued = 0

    def holds(self, *accounts: Json) -> None:
        """Let these be all the accounts of the login."""
        self.book = {each["securitiesAccount"]["accountNumber"]: each for each in accounts}

    def says(self, path: str, *replies: Reply) -> None:
        """Queue answers for the next calls of a path."""
        self.queue[path].extend(replies)

    def form(self, index: int = -1) -> dict[str, str]:
        """Return the form of a call to the token endpoint."""
        return dict(parse_qsl(str(self.seen[index].body)))

    def answer(self, request: requests.PreparedRequest) -> Any:
        """Count a call and answer it."""
        path = urlsplit(str(request.url)).path
        self.calls[path] += 1
        self.seen.append(request)
        happens = self.meanwhile.pop(path, None)
        if happens is not None:
            happens()
        if self.queue[path]:
            return self.queue[path].popleft()
        usual = self._usual(path)
        if path.endswith("/transactions"):
            usual = [
                each for each in usual if _within(each, dict(parse_qsl(urlsplit(str(request.url)).query)))
            ]
        return 200, JSON_TYPE, json.dumps(usual)

    def _usual(self, path: str) -> Any:
        """Return what a path says when nothing was queued."""
        if path == TOKEN:
            self.issued += 1
            return self.tokens(f"canary-access-{self.issued}@")
        bodies: dict[str, Any] = {
            ACCOUNTS: list(self.book.values()),
            ORDERS: self.orders,
            NUMBERS: [{"accountNumber": each, "hashValue": hash_of(each)} for each in self._listed()],
            PREFERENCE: {"streamerInfo": [{"schwabClientCustomerId": CUSTOMER}], "accounts": []},
            QUOTES: self.quotes,
            MARKETS: {"equity": {"equity": {"date": "2026-11-22", "isOpen": False}}},
        }
        by_hash = {f"{ACCOUNTS}/{hash_of(number)}": each for number, each in self.book.items()}
        moved = {transactions_of(number): self.transactions.get(number, []) for number in self._listed()}
        earlier: dict[str, Any] = {f"{ACCOUNTS}/{hash_of(number)}/orders": [] for number in self._listed()}
        return (bodies | by_hash | moved | earlier)[path]

    def _listed(self) -> list[str]:
        """Return the numbers that `/accountNumbers` lists."""
        return list(self.book) if self.numbers is None else self.numbers

    @staticmethod
    def tokens(access: str, refresh: str = REFRESH_TOKEN) -> Json:
        """Return the token endpoint's success body."""
        more = {"token_type": "Bearer", "scope": "api", "id_token": "canary.id.token"}
        return {"expires_in": 1800, "access_token": access, "refresh_token": refresh} | more


@contextmanager
def fake_schwab(base_url: str) -> Iterator[FakeSchwab]:
    """Answer every call of this process to Schwab's address for the length of a block."""
    schwab = FakeSchwab()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method in ("GET", "POST"):
            mock.add_callback(method, re.compile(re.escape(base_url) + "/.*"), schwab.answer)
        yield schwab
