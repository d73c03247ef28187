"""Market hours in both of Schwab's shapes: a trading day with sessions, a closed day without."""

from datetime import UTC, date, datetime

from simulator.wire.times import EASTERN, eastern_epoch
from simulator.world.calendar import Session, session_of
from simulator.world.instruments import Json

MARKETS = ("equity", "option", "bond", "future", "forex")


def market_json(market: str, day: date) -> Json:
    """The products of one market on a day; `isOpen` means a trading day, not open right now."""
    session = session_of(day)
    if session is None:
        return {
            market: {
                "date": day.isoformat(),
                "marketType": market.upper(),
                "product": market,
                "isOpen": False,
            }
        }
    if market == "equity":
        return {"EQ": _open_day(market, day, "EQ", "equity", _equity(session))}
    if market == "option":
        late = session.close + 15 * 60
        return {
            "EQO": _open_day(market, day, "EQO", "equity option", _regular(session.open, session.close)),
            "IND": _open_day(market, day, "IND", "index option", _regular(session.open, late)),
        }
    # Products and hours of the other markets are not known; one product named like the market stands for all.
    all_day = _regular(eastern_epoch(day, 8), eastern_epoch(day, 17))
    return {market: _open_day(market, day, market, market, all_day)}


def _open_day(market: str, day: date, product: str, name: str, hours: Json) -> Json:
    return {
        "date": day.isoformat(),
        "marketType": market.upper(),
        "product": product,
        "productName": name,
        "isOpen": True,
        "sessionHours": hours,
    }


def _equity(session: Session) -> Json:
    return {
        "preMarket": _span(session.pre, session.open),
        "regularMarket": _span(session.open, session.close),
        "postMarket": _span(session.close, session.post),
    }


def _regular(start: float, end: float) -> Json:
    return {"regularMarket": _span(start, end)}


def _span(start: float, end: float) -> list[Json]:
    return [{"start": _iso(start), "end": _iso(end)}]


def _iso(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, UTC).astimezone(EASTERN).isoformat(timespec="seconds")
