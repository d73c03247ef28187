"""The Trader API's orders, writing: placing, replacing and canceling them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.order_request import BadOrder, read, spec_of
from simulator.trader import BASE, Caller, of_account
from simulator.wire.errors import service_error
from simulator.world.accounts import Account
from simulator.world.changes import replaced, take_back
from simulator.world.orders import Order

_PATH = f"{BASE}/accounts/{{hash}}/orders"


def _refused(problem: ValueError) -> Response:
    return service_error(400, f"Example text: {problem}.")


def _made(request: Request, account: Account, order: Order) -> Response:
    location = f"{request.base_url}{BASE.removeprefix('/')}/accounts/{account.hash}/orders/{order.order_id}"
    return Response(status_code=201, headers={"Location": location})


def place(caller: Caller, account: Account) -> Response:
    """POST /accounts/{hash}/orders: 201 with `Location` and no body, also for an order that is rejected later."""
    world, now = caller.simulation.world, caller.now
    try:
        order = world.lay_out(account, spec_of(world, account, read(caller.body), now), now)
    except BadOrder as problem:
        return _refused(problem)
    caller.simulation.keep()
    return _made(caller.request, account, order)


def replace(caller: Caller, account: Account) -> Response:
    """PUT /accounts/{hash}/orders/{orderId}: 201 with the `Location` of the new order."""
    old = _named(caller, account)
    if isinstance(old, Response):
        return old
    world, now = caller.simulation.world, caller.now
    try:
        spec = spec_of(world, account, read(caller.body), now, instead=old)
        _, order = replaced(world, old.order_id, spec, now)
    except ValueError as problem:
        return _refused(problem)
    caller.simulation.keep()
    return _made(caller.request, account, order)


def cancel(caller: Caller, account: Account) -> Response:
    """DELETE /accounts/{hash}/orders/{orderId}: 200 without a body, which proves no cancellation yet."""
    old = _named(caller, account)
    if isinstance(old, Response):
        return old
    try:
        take_back(caller.simulation.world, old.order_id, caller.now)
    except ValueError as problem:
        return _refused(problem)
    caller.simulation.keep()
    return Response(status_code=200)


def _named(caller: Caller, account: Account) -> Order | Response:
    text = caller.request.path_params["order_id"]
    if not text.isdecimal() or len(text) > 18:
        return service_error(400, "Invalid order id.", "orderId: must be a number")
    order = caller.simulation.world.order(account, int(text), caller.now)
    return order if order is not None else service_error(404, "Order not found.")


ROUTES = [
    Route(_PATH, of_account(place), methods=["POST"]),
    Route(f"{_PATH}/{{order_id}}", of_account(replace), methods=["PUT"]),
    Route(f"{_PATH}/{{order_id}}", of_account(cancel), methods=["DELETE"]),
]
