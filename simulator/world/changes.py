"""Takes open orders back and replaces them, nested ones too."""

from dataclasses import replace

from simulator.world.accounts import Account
from simulator.world.orders import CLOSED, Order, flat
from simulator.world.planner import Spec, never
from simulator.world.world import World

CHANGE_SECONDS = 0.6
_LOST = "Example text: the order was filled before it could be replaced."


def take_back(world: World, identifier: int, now: float) -> tuple[Account, Order]:
    """Ask for the cancellation of an open order; parts that are filled stay filled. Returns its account too.

    ValueError when there is no such order or it is closed. A child's siblings go with it, a parent's children too.
    """
    account, top = _open(world, identifier, now)
    changed = _canceled(top, identifier, now)
    world.change(account, top, changed)
    return account, next(order for order in flat(changed) if order.order_id == identifier)


def replaced(world: World, identifier: int, spec: Spec, now: float) -> tuple[Account, Order]:
    """Put another order in an open one's place; it has a new id. Returns its account too.

    A change takes a moment: an order that is filled in it stays, and the new one is rejected.
    """
    account, top = _open(world, identifier, now)
    if top.order_id != identifier or top.strategy == "OCO":
        raise ValueError("an order inside another one cannot be replaced")
    at = now + CHANGE_SECONDS
    if top.filled(at) >= top.quantity:
        return account, world.lay_out(account, replace(spec, reject=_LOST), now)
    kept = tuple(fill for fill in top.fills if fill.at <= now)
    children = tuple(never(child, at) for child in top.children)
    changed = replace(top, fills=kept, replace_asked=now, replaced_at=at, expired_at=None, children=children)
    world.change(account, top, changed)
    return account, world.lay_out(account, replace(spec, acknowledge_seconds=CHANGE_SECONDS), now)


def _open(world: World, identifier: int, now: float) -> tuple[Account, Order]:
    """The account and the outermost order of an id that is open."""
    for account in world.accounts:
        top = world.outermost(account, identifier, now)
        if top is not None:
            order = next(order for order in flat(top) if order.order_id == identifier)
            if order.status(now) in CLOSED or order.cancel_asked or order.replace_asked:
                raise ValueError(f"the order is {order.status(now)}")
            return account, top
    raise ValueError(f"there is no order {identifier}")


def _canceled(order: Order, identifier: int, now: float) -> Order:
    if order.order_id == identifier:
        return _gone(order, now)
    if order.strategy == "OCO" and any(child.order_id == identifier for child in order.children):
        return _gone(order, now)
    return replace(order, children=tuple(_canceled(child, identifier, now) for child in order.children))


def _gone(order: Order, now: float) -> Order:
    """Canceled with everything under it, but for what is closed already."""
    children = tuple(_gone(child, now) for child in order.children)
    if order.strategy == "OCO":
        return replace(order, children=children)
    if order.status(now) in CLOSED:
        return replace(order, children=children)
    kept = tuple(fill for fill in order.fills if fill.at <= now)
    at = now + CHANGE_SECONDS
    return replace(order, fills=kept, cancel_asked=now, canceled_at=at, expired_at=None, children=children)
