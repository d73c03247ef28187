"""One account as GET /accounts shows it: balances and positions of the same instant."""

from simulator.world.accounts import Account
from simulator.world.balances import Values, margin_balances, opened_today, power_of, sma_of, values_of
from simulator.world.book import Book, Row
from simulator.world.cash_balances import cash_balances
from simulator.world.instruments import Json
from simulator.world.market import Board
from simulator.world.positions import maintenance, market_value, position_json
from simulator.world.world import World

Valued = tuple[Row, float, float]


def account_json(world: World, account: Account, board: Board, with_positions: bool) -> Json:
    """One element of the answer; `positions` is missing when unasked or empty."""
    book = world.book(account, board)
    valued = _valued(account, book, board)
    initial = opening_values(world, account, board)
    current = values_of(book, valued)
    body: Json = {
        "type": account.profile.kind,
        "accountNumber": account.number,
        "roundTrips": 0,
        "isDayTrader": False,
        "isClosingOnlyRestricted": False,
        "pfcbFlag": False,
    }
    if with_positions and valued:
        body["positions"] = [position_json(row, board, value, required) for row, value, required in valued]
    if account.is_margin:
        body |= margin_balances(initial, current, opened_today(book))
    else:
        body |= cash_balances(initial, current)
    total = current.liquidation
    return {
        "securitiesAccount": body,
        "aggregatedBalance": {"currentLiquidationValue": total, "liquidationValue": total},
    }


def opening_values(world: World, account: Account, board: Board) -> Values:
    """The values behind `initialBalances`: the day's opening book at the previous close."""
    key = (account.index, board.day)
    found = world.openings.get(key)
    if found is None:
        book = world.start_of_day(account, board.day)
        found = world.openings[key] = values_of(book, _valued(account, book, board.at_close()))
    return found


def buying_power(world: World, account: Account, board: Board) -> float:
    """What the account may spend now: the cash of a CASH account."""
    book = world.book(account, board)
    current = values_of(book, _valued(account, book, board))
    if not account.is_margin:
        return current.cash
    return power_of(current, sma_of(opening_values(world, account, board)))[1]


def _valued(account: Account, book: Book, board: Board) -> list[Valued]:
    found: list[Valued] = []
    for row in book.open_rows():
        value = market_value(row, board)
        required = maintenance(row, board, value) if account.is_margin else 0.0
        found.append((row, value, required))
    return found
