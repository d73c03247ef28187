"""Open, high and low of a session and of a year, from the price function at fixed points in time."""

from bisect import bisect_left

from simulator.world import calendar
from simulator.world.calendar import Session
from simulator.world.market import Board, Market

_LOOKS = 26


def session_range(
    market: Market, symbol: str, session: Session, until: float
) -> tuple[float, float, float, float]:
    """Open, high, low and last of a session up to an instant."""
    last = market.mark_at(symbol, min(until, session.close))
    count = bisect_left(calendar.session_points(session), until)
    if count == 0:
        return last, last, last, last
    opened, high, low = _past(market, symbol, session, count)
    return opened, max(high, last), min(low, last), last


def _past(market: Market, symbol: str, session: Session, count: int) -> tuple[float, float, float]:
    """Open, high and low of the first points, which never change."""
    key = (symbol, session.day, count)
    found = market.ranges.get(key)
    if found is None:
        prices = [market.mark_at(symbol, point) for point in calendar.session_points(session)[:count]]
        found = prices[0], max(prices), min(prices)
        market.keep_range(key, found)
    return found


def day_range(board: Board, symbol: str, mark: float) -> tuple[float, float, float]:
    """Open, high and low: 0 from 03:30 Eastern of a trading day until its open, else the last session's."""
    session, points = board.looks
    if session is None:
        return 0.0, 0.0, 0.0
    if points > calendar.POINTS:
        return _past(board.market, symbol, session, points)
    opened, high, low = _past(board.market, symbol, session, points) if points else (mark, mark, mark)
    return opened, max(high, mark), min(low, mark)


def year_range(board: Board, symbol: str, mark: float) -> tuple[float, float]:
    """Highest and lowest of the fortnightly marks of a year, the present mark included."""
    fortnight = 14 * 86400
    found = board.market.closes(board.close_at)
    key = f"{symbol}\x1fyear"
    if key not in found:
        prices = [
            board.market.mark_at(symbol, board.close_at - fortnight * number) for number in range(_LOOKS)
        ]
        found[key + "high"], found[key] = max(prices), min(prices)
    return max(mark, found[key + "high"]), min(mark, found[key])
