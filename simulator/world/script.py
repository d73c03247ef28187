"""What happens on every Eastern date: the desk's and the IRA's orders, so that any "today" has some of each kind.

The first orders fall into the minutes after midnight, when there is a today already; the rest follow in market hours.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from simulator.world.calendar import is_trading_day
from simulator.world.holdings import contract_near
from simulator.world.market import Market
from simulator.world.options import expiries_after
from simulator.world.orders import Leg, Order
from simulator.world.plan import Script

ROTATION = ("SPY", "QQQ", "IWM", "DIA")
ROTATED = 25.0
BRACKETED, BRACKET_QUANTITY = "UBER", 20.0
IRA_LOT = 3.0
_SEAMLESS: dict[str, Any] = {"session": "SEAMLESS"}
_NO_LEVEL = "Example text: this account does not have the option level that the order needs."


def rotated(day: date) -> str:
    """The ETF that the desk buys on a day; the one of the day before is sold first."""
    return ROTATION[day.toordinal() % len(ROTATION)]


def desk_orders(market: Market, day: date, account_index: int, first: bool = False) -> list[Order]:
    """What the options desk trades on a day; on its first there is nothing of yesterday to sell."""
    script = Script(market, day, account_index)
    night = [*_rotation(script, first), *_intel(script)]
    return [*night, *([bracket(script)] if is_trading_day(day) else []), *_desk_daytime(script)]


def desk_idle(market: Market, day: date, account_index: int) -> list[Order]:
    """What the options desk enters on a day without getting it."""
    script = Script(market, day, account_index)
    found = [pending_vertical(script), *_unfilled(script)]
    at = script.at
    if day.weekday() == 1:
        found.append(script.simple(15, at(13, 5), Leg("F", "SELL", "CLOSING", 50.0), expired_at=at(16, 0)))
    if day.weekday() == 2:
        taken_back = at(10, 52, 31)
        found.append(
            script.simple(13, at(10, 30), Leg("NVDA", "BUY", "OPENING", 20.0), canceled_at=taken_back)
        )
    return found


def _rotation(script: Script, first: bool) -> list[Order]:
    at, fill = script.at, script.fill
    old, new = rotated(script.day - timedelta(days=1)), rotated(script.day)
    out = (fill(at(0, 0, 21), ROTATED, old),)
    in_two = (fill(at(0, 0, 41), 15.0, new), fill(at(0, 0, 43), 10.0, new))
    sale = script.simple(1, at(0, 0, 20), Leg(old, "SELL", "CLOSING", ROTATED), out, **_SEAMLESS)
    purchase = script.simple(2, at(0, 0, 40), Leg(new, "BUY", "OPENING", ROTATED), in_two, **_SEAMLESS)
    return [purchase] if first else [sale, purchase]


def _intel(script: Script) -> list[Order]:
    at, fill = script.at, script.fill
    return [
        script.simple(
            3,
            at(0, 0, 50),
            Leg("INTC", "SELL_SHORT", "OPENING", 40.0),
            (fill(at(0, 0, 52), 40.0, "INTC"),),
            **_SEAMLESS,
        ),
        script.simple(
            4,
            at(0, 1, 0),
            Leg("INTC", "BUY_TO_COVER", "CLOSING", 100.0),
            (fill(at(0, 1, 20), 40.0, "INTC"),),
            duration="GOOD_TILL_CANCEL",
            canceled_at=script.tomorrow(10),
            venue="NITE",
            **_SEAMLESS,
        ),
    ]


def _unfilled(script: Script) -> list[Order]:
    at = script.at
    second = expiries_after(script.day + timedelta(days=7), 3)[1]
    put = contract_near(script.market, "AMD", second, "P", 0.8).symbol
    return [
        script.simple(
            5, at(0, 1, 30), Leg("AAPL", "BUY", "OPENING", 10.0), canceled_at=at(0, 2, 5), **_SEAMLESS
        ),
        script.simple(6, at(0, 1, 45), Leg(put, "SELL_TO_OPEN", "OPENING", 5.0), rejection=_NO_LEVEL),
    ]


def pending_vertical(script: Script) -> Order:
    """A two-leg option order entered outside hours; it waits all day and is taken back the next midnight."""
    second = expiries_after(script.day + timedelta(days=7), 3)[1]
    low = contract_near(script.market, "AAPL", second, "C", 1.0)
    high = contract_near(script.market, "AAPL", second, "C", 1.05)
    entered = script.at(0, 0, 4)
    debit = script.market.mark_at(low.symbol, entered) - script.market.mark_at(high.symbol, entered)
    return Order(
        script.id(0),
        entered,
        legs=(
            Leg(low.symbol, "BUY_TO_OPEN", "OPENING", 1.0),
            Leg(high.symbol, "SELL_TO_OPEN", "OPENING", 1.0),
        ),
        quantity=1.0,
        order_type="NET_DEBIT",
        price=max(0.05, round(debit - 0.1, 2)),
        complex_type="VERTICAL",
        canceled_at=script.tomorrow(2),
        open_status="PENDING_ACTIVATION",
        tag="API_TOS:TRADE_ALL",
    )


def bracket(script: Script) -> Order:
    """Entry filled today, target and stop working; one of them fills after the next midnight, whichever would."""
    entered, filled_at, leaves_at = script.at(0, 2), script.at(0, 2, 12), script.tomorrow(12)
    entry = script.fill(filled_at, BRACKET_QUANTITY, BRACKETED)
    leave = script.fill(leaves_at, BRACKET_QUANTITY, BRACKETED)
    bought, sold = entry.prices[0], leave.prices[0]
    gains = sold >= bought
    target = script.simple(
        9,
        entered,
        Leg(BRACKETED, "SELL", "CLOSING", BRACKET_QUANTITY),
        (leave,) if gains else (),
        price=sold if gains else round(bought * 1.08, 2),
        duration="GOOD_TILL_CANCEL",
        awaits=filled_at,
        session="SEAMLESS",
        child=True,
        canceled_at=None if gains else leaves_at,
    )
    stop = script.simple(
        10,
        entered,
        Leg(BRACKETED, "SELL", "CLOSING", BRACKET_QUANTITY),
        () if gains else (leave,),
        order_type="STOP",
        price=None,
        stop=round(bought * 0.94, 2) if gains else sold,
        duration="GOOD_TILL_CANCEL",
        awaits=filled_at,
        session="SEAMLESS",
        child=True,
        canceled_at=leaves_at if gains else None,
    )
    shell = Order(script.id(8), entered, strategy="OCO", children=(target, stop))
    buy = Leg(BRACKETED, "BUY", "OPENING", BRACKET_QUANTITY)
    return script.simple(
        7,
        entered,
        buy,
        (entry,),
        strategy="TRIGGER",
        session="SEAMLESS",
        venue="HRTF",
        children=(shell,),
    )


def _desk_daytime(script: Script) -> list[Order]:
    """Some of it once a week only: a year's orders shall fit into one answer."""
    by_weekday = {1: _tuesday, 2: _wednesday}
    return by_weekday[script.day.weekday()](script) if script.day.weekday() in by_weekday else []


def _tuesday(script: Script) -> list[Order]:
    at, fill = script.at, script.fill
    bought = (fill(at(9, 41, 11), 20.0, "PG"), fill(at(9, 41, 12), 40.0, "PG"))
    market: dict[str, Any] = {"order_type": "MARKET", "price": None}
    sold = (fill(at(11, 18), 60.0, "PG"),)
    return [
        script.simple(11, at(9, 41, 10), Leg("PG", "BUY", "OPENING", 60.0), bought, **market),
        script.simple(14, at(11, 17, 33), Leg("PG", "SELL", "CLOSING", 60.0), sold, venue="NITE"),
    ]


def _wednesday(script: Script) -> list[Order]:
    at, fill = script.at, script.fill
    front = expiries_after(script.day + timedelta(days=7), 1)[0]
    call = contract_near(script.market, "MSFT", front, "C", 0.98).symbol
    bought, sold = (fill(at(10, 2, 50), 1.0, call),), (fill(at(14, 10, 21), 1.0, call),)
    return [
        script.simple(12, at(10, 2, 45), Leg(call, "BUY_TO_OPEN", "OPENING", 1.0), bought, venue="WEXM"),
        script.simple(16, at(14, 10, 20), Leg(call, "SELL_TO_CLOSE", "CLOSING", 1.0), sold, venue="WEXM"),
    ]


def ira_orders(market: Market, day: date, account_index: int, first: bool = False) -> list[Order]:
    """What the IRA trades on a day: yesterday's VTI lot out, a new one in."""
    script = Script(market, day, account_index)
    at, fill = script.at, script.fill
    sold = (fill(at(0, 0, 16), IRA_LOT, "VTI"),)
    bought = (fill(at(0, 0, 37), 1.0, "VTI"), fill(at(0, 0, 39), 2.0, "VTI"))
    sale = script.simple(0, at(0, 0, 15), Leg("VTI", "SELL", "CLOSING", IRA_LOT), sold, **_SEAMLESS)
    purchase = script.simple(1, at(0, 0, 35), Leg("VTI", "BUY", "OPENING", IRA_LOT), bought, **_SEAMLESS)
    return [purchase] if first else [sale, purchase]


def ira_idle(market: Market, day: date, account_index: int) -> list[Order]:
    """What the IRA enters on a day without getting it: a standing limit order and a canceled one."""
    script = Script(market, day, account_index)
    at = script.at
    standing: dict[str, Any] = {"duration": "GOOD_TILL_CANCEL", "canceled_at": script.tomorrow(5)}
    return [
        script.simple(2, at(0, 0, 55), Leg("MSFT", "BUY", "OPENING", 5.0), **standing),
        script.simple(3, at(9, 35), Leg("KO", "BUY", "OPENING", 10.0), canceled_at=at(9, 58, 21)),
    ]


DayOrders = Callable[[Market, date, int, bool], list[Order]]
IdleOrders = Callable[[Market, date, int], list[Order]]
SCRIPTS: dict[str, DayOrders] = {"desk": desk_orders, "ira": ira_orders}
IDLE: dict[str, IdleOrders] = {"desk": desk_idle, "ira": ira_idle}
