"""Open, high and low of a session and of a year, from the price function at fixed points in time."""

from simulator.wire.times import eastern_epoch
from simulator.world import calendar
from simulator.world.calendar import Session
from simulator.world.market import Board, Market

_POINTS = 26
_LOOKS = 26


def session_points(session: Session) -> list[float]:
    """The instants at which a session is looked at, open and close included."""
    step = (session.close - session.open) / _POINTS
    return [session.open + step * number for number in range(_POINTS)] + [session.close]


def session_range(
    market: Market, symbol: str, session: Session, until: float
) -> tuple[float, float, float, float]:
    """Open, high, low and last of a session up to an instant."""
    points = [point for point in session_points(session) if point < until]
    points.append(min(until, session.close))
    prices = [market.mark_at(symbol, point) for point in points]
    return prices[0], max(prices), min(prices), prices[-1]


def day_range(board: Board, symbol: str) -> tuple[float, float, float]:
    """Open, high and low: 0 from 03:30 Eastern of a trading day until its open, else the last session's."""
    today = calendar.session_of(board.day)
    if today is not None and eastern_epoch(board.day, 3, 30) <= board.now < today.open:
        return 0.0, 0.0, 0.0
    session = calendar.last_session(board.now)
    opened, high, low, _ = session_range(board.market, symbol, session, board.now)
    return opened, high, low


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
