"""Changes to the world by hand, so that tests can close a position, open one or make an account vanish."""

import math
from collections.abc import Mapping

from simulator.world.accounts import Account
from simulator.world.market import known_contract, known_listing
from simulator.world.world import World


def change_world(world: World, given: Mapping[str, object], now: float) -> None:
    """Apply one change; ValueError says what could not be read.

    {"account": n, "remove_symbol": "AAPL"} sells (or covers) all of it at the mark; {"account": n, "add": {"symbol",
    "quantity"}} (or a list of these) trades at the mark, negative quantities sell short; {"omit_account": n} and
    {"restore_account": n} take an account from the list and bring it back. `n` is the index shown by the state.
    """
    known = {"account", "remove_symbol", "add", "omit_account", "restore_account"}
    if not given or set(given) - known:
        raise ValueError(f"expected some of {', '.join(sorted(known))}")
    if "omit_account" in given:
        world.edits.omitted.add(account_of(world, given["omit_account"]).index)
    if "restore_account" in given:
        world.edits.omitted.discard(account_of(world, given["restore_account"]).index)
    if "remove_symbol" in given:
        _close(world, account_of(world, given.get("account")), str(given["remove_symbol"]), now)
    if "add" in given:
        _open(world, account_of(world, given.get("account")), given["add"], now)


def account_of(world: World, wanted: object) -> Account:
    """The account with an index or a number."""
    for account in world.accounts:
        if wanted in (account.index, account.number):
            return account
    raise ValueError(f"there is no account {wanted!r}")


def _close(world: World, account: Account, symbol: str, now: float) -> None:
    row = world.book(account, world.board(now)).rows.get(symbol)
    if row is None or row.quantity == 0:
        raise ValueError(f"the account does not hold {symbol!r}")
    world.trade_by_hand(account, symbol, -row.quantity, now, opening=False)


def _open(world: World, account: Account, wanted: object, now: float) -> None:
    for item in wanted if isinstance(wanted, list) else [wanted]:
        if not isinstance(item, Mapping):
            raise ValueError("add must be an object or a list of objects")
        symbol, quantity = str(item["symbol"]), float(item["quantity"])
        listing = known_listing(symbol)
        if known_contract(symbol) is None and (listing is None or listing.kind == "INDEX"):
            raise ValueError(f"{symbol!r} cannot be held; see README for what is listed")
        if not quantity:
            raise ValueError("quantity must not be 0")
        row = world.book(account, world.board(now)).rows.get(symbol)
        held = row.quantity if row is not None else 0.0
        if held * quantity < 0:
            closing = math.copysign(min(abs(held), abs(quantity)), quantity)
            world.trade_by_hand(account, symbol, closing, now, opening=False)
            quantity -= closing
        if quantity:
            world.trade_by_hand(account, symbol, quantity, now, opening=True)


def known(symbol: str) -> str:
    """A symbol that has a price; ValueError for any other."""
    if known_contract(symbol) is None and known_listing(symbol) is None:
        raise ValueError(f"{symbol!r} is not known")
    return symbol
