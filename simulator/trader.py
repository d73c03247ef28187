"""The Trader API's accounts, orders, transactions and preferences (reading)."""

import functools
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.oauth.store import Login
from simulator.simulation import Simulation, simulation_of
from simulator.trader_query import ORDER_SPAN, RECENT_ORDERS, order_query, transaction_query
from simulator.wire.answers import WireAnswer
from simulator.wire.errors import service_error, unauthorized
from simulator.world.accounts import Account
from simulator.world.order_wire import order_json, order_text
from simulator.world.preferences import preference_json
from simulator.world.snapshot import account_json
from simulator.world.transactions import transaction_by_id, transactions_between

BASE = "/trader/v1"


class Caller:
    """Who asks, and what of the world the login's ticked accounts let it see."""

    def __init__(self, request: Request, login: Login | None) -> None:
        self.request = request
        self.simulation: Simulation = simulation_of(request)
        self.now = self.simulation.clock.now()
        world = self.simulation.world
        ticked = login.accounts if login is not None else ()
        own = world.of_login(login.login) if login is not None else []
        self.login = login
        self.body = b""
        self.accounts = [account for account in own if account.number in ticked]

    def account(self) -> Account | None:
        """The linked account of the hash in the path; a plain number is none."""
        wanted = self.request.path_params["hash"]
        return next((account for account in self.accounts if account.hash == wanted), None)


Handler = Callable[[Caller], Response]
OfAccount = Callable[[Caller, Account], Response]


def signed_in(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Let only a living access token through."""

    @functools.wraps(handler)
    async def endpoint(request: Request) -> Response:
        store = simulation_of(request).store
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not store.is_valid(token):
            return unauthorized()
        caller = Caller(request, store.holder(token))
        caller.body = await request.body()
        return handler(caller)

    return endpoint


def of_account(handler: OfAccount) -> Callable[[Request], Awaitable[Response]]:
    """Also find the account of the path, or answer 404."""

    @functools.wraps(handler)
    def found(caller: Caller) -> Response:
        account = caller.account()
        if account is None:
            return service_error(404, "The account hash in the path is not known to this login.")
        return handler(caller, account)

    return signed_in(found)


def account_numbers(caller: Caller) -> Response:
    """GET /accounts/accountNumbers."""
    return WireAnswer([{"accountNumber": item.number, "hashValue": item.hash} for item in caller.accounts])


def _wants_positions(caller: Caller) -> bool | None:
    fields = caller.request.query_params.get("fields")
    if fields is None:
        return False
    return True if fields == "positions" else None


def _bad_fields() -> Response:
    return service_error(
        400, "Invalid value for query parameter 'fields'.", "fields: allowed value is positions"
    )


def accounts(caller: Caller) -> Response:
    """GET /accounts."""
    wants = _wants_positions(caller)
    if wants is None:
        return _bad_fields()
    world = caller.simulation.world
    board = world.board(caller.now)
    return WireAnswer([account_json(world, account, board, wants) for account in caller.accounts])


def one_account(caller: Caller, account: Account) -> Response:
    """GET /accounts/{hash}."""
    wants = _wants_positions(caller)
    if wants is None:
        return _bad_fields()
    world = caller.simulation.world
    return WireAnswer(account_json(world, account, world.board(caller.now), wants))


def account_orders(caller: Caller, account: Account) -> Response:
    """GET /accounts/{hash}/orders."""
    return _orders(caller, [account], ORDER_SPAN, None)


def all_orders(caller: Caller) -> Response:
    """GET /orders, over all linked accounts."""
    return _orders(caller, caller.accounts, ORDER_SPAN, RECENT_ORDERS)


def _orders(caller: Caller, wanted: list[Account], span: float, reach: float | None) -> Response:
    query = order_query(caller.request.query_params, caller.now, span, reach)
    if isinstance(query, Response):
        return query
    world, end = caller.simulation.world, min(query.end, caller.now)
    found = [
        (order, account)
        for account in wanted
        for order in world.orders_between(account, query.start, end, caller.now)
    ]
    found.sort(key=lambda pair: (pair[0].entered, pair[0].order_id), reverse=True)
    if query.status is not None:
        found = [pair for pair in found if pair[0].status(caller.now) == query.status]
    rows = [order_text(order, caller.now, account.number) for order, account in found[: query.limit]]
    return WireAnswer(rows)


def one_order(caller: Caller, account: Account) -> Response:
    """GET /accounts/{hash}/orders/{orderId}; nested orders answer under their own ids."""
    text = caller.request.path_params["order_id"]
    if not text.isdecimal() or len(text) > 18:
        return service_error(400, "Invalid order id.", "orderId: must be a number")
    order = caller.simulation.world.order(account, int(text), caller.now)
    if order is None:
        return service_error(404, "Order not found.")
    return WireAnswer(order_json(order, caller.now, account.number))


def transactions(caller: Caller, account: Account) -> Response:
    """GET /accounts/{hash}/transactions."""
    query = transaction_query(caller.request.query_params)
    if isinstance(query, Response):
        return query
    world = caller.simulation.world
    rows = [
        row.json
        for row in transactions_between(world, account, query.start, query.end, caller.now)
        if row.type in query.types and query.symbol in (None, row.symbol)
    ]
    return WireAnswer(rows[: query.limit])


def one_transaction(caller: Caller, account: Account) -> Response:
    """GET /accounts/{hash}/transactions/{transactionId}: an array of one, as the specification says."""
    text = caller.request.path_params["transaction_id"]
    if not text.isdecimal() or len(text) > 18:
        return service_error(400, "Invalid transaction id.", "transactionId: must be a number")
    found = transaction_by_id(caller.simulation.world, account, int(text), caller.now)
    return WireAnswer([found.json]) if found is not None else service_error(404, "Transaction not found.")


def user_preference(caller: Caller) -> Response:
    """GET /userPreference."""
    socket = None if caller.simulation.hub.empty_info else f"ws://{caller.request.url.netloc}/ws"
    login = caller.login.login if caller.login is not None else ""
    return WireAnswer(preference_json(caller.simulation.world, caller.accounts, login, socket))


ROUTES = [
    Route(f"{BASE}/accounts/accountNumbers", signed_in(account_numbers), methods=["GET"]),
    Route(f"{BASE}/accounts", signed_in(accounts), methods=["GET"]),
    Route(f"{BASE}/orders", signed_in(all_orders), methods=["GET"]),
    Route(f"{BASE}/userPreference", signed_in(user_preference), methods=["GET"]),
    Route(f"{BASE}/accounts/{{hash}}", of_account(one_account), methods=["GET"]),
    Route(f"{BASE}/accounts/{{hash}}/orders", of_account(account_orders), methods=["GET"]),
    Route(f"{BASE}/accounts/{{hash}}/orders/{{order_id}}", of_account(one_order), methods=["GET"]),
    Route(f"{BASE}/accounts/{{hash}}/transactions", of_account(transactions), methods=["GET"]),
    Route(
        f"{BASE}/accounts/{{hash}}/transactions/{{transaction_id}}",
        of_account(one_transaction),
        methods=["GET"],
    ),
]
