"""Lets small orders fill by themselves every so often, so that a demo has life: a lot is bought, then sold again."""

import asyncio
import contextlib
import time

from simulator.simulation import Simulation
from simulator.wire.times import eastern_date
from simulator.world import chance
from simulator.world.accounts import Account
from simulator.world.market import known_listing
from simulator.world.orders import Order
from simulator.world.tickets import Ticket, place

TAG = "TA_automatic"
_ACCOUNTS = (1, 3, 1, 6, 7)
_MOST_DOLLARS, _MOST_SHARES = 900.0, 5
_LOOK, _LIVELY, _SLOWER = 0.5, 30, 10


class AutoFills:
    """One small order after another, `seconds` of real time apart; quiet for as long after a start and a reset.

    After the first thirty they come ten times more rarely: an account's year shall fit into one answer.
    """

    def __init__(self, simulation: Simulation, seconds: float) -> None:
        self._simulation = simulation
        self._seconds = seconds

    async def run(self) -> None:
        """Until cancelled."""
        last, made = time.monotonic(), 0
        while True:
            await asyncio.sleep(min(_LOOK, self._seconds))
            if self._simulation.reset_at > last:
                last, made = self._simulation.reset_at, 0
            pause = self._seconds * (1 if made < _LIVELY else _SLOWER)
            if time.monotonic() - last >= pause and self._simulation.clock.frozen_at is None:
                last, made = time.monotonic(), made + 1
                # What control did meanwhile can stand in the way of a sale; the next turn finds another order.
                with contextlib.suppress(ValueError):
                    self.step()

    def step(self) -> Order | None:
        """Sell what was bought last, else buy a little of what an account already holds."""
        simulation, now = self._simulation, self._simulation.clock.now()
        world = simulation.world
        for index, day in world.edits.forget_pairs(TAG, eastern_date(now)).items():
            world.forget_after(index, day)
        chosen = self._to_sell(now) or self._to_buy(now)
        if chosen is None:
            return None
        made = place(world, chosen[0], chosen[1], now)
        simulation.keep()
        return made

    def _to_sell(self, now: float) -> tuple[Account, Ticket] | None:
        """What the newest automatic order bought."""
        world = self._simulation.world
        own = [
            (index, order)
            for index, order in world.edits.pairs()
            if order.tag == TAG and order.entered <= now
        ]
        index, newest = max(own, key=lambda pair: pair[1].entered, default=(0, None))
        account = world.by_index(index)
        if newest is None or account is None or newest.legs[0].sign < 0 or newest.status(now) != "FILLED":
            return None
        row = world.book(account, world.board(now)).rows.get(newest.legs[0].symbol)
        if row is None or row.quantity < newest.quantity:
            return None
        return account, Ticket(newest.legs[0].symbol, "sell", int(newest.quantity), tag=TAG)

    def _to_buy(self, now: float) -> tuple[Account, Ticket] | None:
        """A few shares, for little money, of a stock that an account already holds."""
        world, board = self._simulation.world, self._simulation.world.board(now)
        account = world.by_index(_ACCOUNTS[chance.number("whose", now) % len(_ACCOUNTS)])
        if account is None:
            return None
        held = [row.symbol for row in world.book(account, board).open_rows() if row.quantity > 0]
        stocks = [symbol for symbol in held if _is_stock(symbol) and board.mark(symbol) <= _MOST_DOLLARS]
        if not stocks:
            return None
        symbol = stocks[chance.number("symbol", now) % len(stocks)]
        most = min(_MOST_SHARES, int(_MOST_DOLLARS / board.mark(symbol)))
        return account, Ticket(symbol, "buy", chance.whole(1, most, "lot", now), tag=TAG)


def _is_stock(symbol: str) -> bool:
    listing = known_listing(symbol)
    return listing is not None and listing.kind in ("EQUITY", "ETF")
