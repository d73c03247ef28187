"""Invented orders of Schwab's Trader API, as the wire reference writes them (§6.4)."""

from typing import Any

from livedata.schwab.tests.payloads import Json

ACCOUNT = 31415926
"""Orders carry the account number as an integer."""


def leg(symbol: str, instruction: str, quantity: float, leg_id: int = 1, kind: str = "EQUITY") -> Json:
    """Return one leg."""
    instrument: Json = {"assetType": kind, "cusip": "000000000", "symbol": symbol, "instrumentId": 9400101}
    if kind == "OPTION":
        instrument |= {"putCall": "CALL", "underlyingSymbol": symbol[:6].strip(), "type": "VANILLA"}
    opening = instruction in {"BUY", "SELL_SHORT", "BUY_TO_OPEN", "SELL_TO_OPEN"}
    return {
        "orderLegType": kind,
        "legId": leg_id,
        "instrument": instrument,
        "instruction": instruction,
        "positionEffect": "OPENING" if opening else "CLOSING",
        "quantity": quantity,
    }


def execution(*fills: tuple[int, float, float], kind: str = "FILL") -> Json:
    """Return one activity of `(leg id, quantity, price)` each."""
    legs = [
        {"legId": leg_id, "quantity": quantity, "price": price, "time": "2026-05-14T13:45:03+0000"}
        for leg_id, quantity, price in fills
    ]
    return {"activityType": "EXECUTION", "executionType": kind, "executionLegs": legs}


def order(order_id: int, status: str, legs: list[Json], **more: Any) -> Json:
    """Return an order of one strategy with its usual keys; `more` overrides them and adds to them."""
    usual: Json = {
        "session": "NORMAL",
        "duration": "DAY",
        "orderType": "LIMIT",
        "complexOrderStrategyType": "NONE",
        "quantity": legs[0]["quantity"],
        "filledQuantity": 0.0,
        "remainingQuantity": 0.0,
        "requestedDestination": "AUTO",
        "orderLegCollection": legs,
        "orderStrategyType": "SINGLE",
        "orderId": order_id,
        "status": status,
        "enteredTime": "2026-05-14T13:45:02+0000",
        "tag": "TA_example-app",
        "accountNumber": ACCOUNT,
    }
    return usual | more


def filled_in_two_parts() -> Json:
    """Return the market order of SPY."""
    parts = [execution((1, 15.0, 610.02)), execution((1, 10.0, 610.03))]
    return order(
        1005000100101,
        "FILLED",
        [leg("SPY", "BUY", 25.0)],
        orderType="MARKET",
        filledQuantity=25.0,
        closeTime="2026-05-14T13:45:03+0000",
        orderActivityCollection=parts,
    )


def partly_filled() -> Json:
    """Return the good-till-cancel buy to cover, 40 of 100 filled."""
    return order(
        1005000100155,
        "WORKING",
        [leg("INTC", "BUY_TO_COVER", 100.0)],
        duration="GOOD_TILL_CANCEL",
        price=22.05,
        filledQuantity=40.0,
        remainingQuantity=60.0,
        orderActivityCollection=[execution((1, 40.0, 22.05))],
    )


def canceled() -> Json:
    """Return the cancelled order, whose cancellation comes as an execution with price 0."""
    return order(
        1005000100120,
        "CANCELED",
        [leg("AAPL", "BUY", 10.0)],
        price=195.0,
        closeTime="2026-05-14T13:58:21+0000",
        orderActivityCollection=[execution((1, 10.0, 0.0), kind="CANCELED")],
    )


def rejected() -> Json:
    """Return the rejected order with its reason."""
    return order(
        1005000100131,
        "REJECTED",
        [leg("AMD   260821P00120000", "SELL_TO_OPEN", 5.0, kind="OPTION")],
        price=1.1,
        closeTime="2026-05-14T13:52:10+0000",
        statusDescription="Example text: this account does not have the option level that the order needs.",
    )


def vertical(**more: Any) -> Json:
    """Return the two-leg option order entered after hours."""
    legs = [
        leg("AAPL  260918C00220000", "BUY_TO_OPEN", 1.0, 1, "OPTION"),
        leg("AAPL  260918C00230000", "SELL_TO_OPEN", 1.0, 2, "OPTION"),
    ]
    usual = {"orderType": "NET_DEBIT", "complexOrderStrategyType": "VERTICAL", "price": 3.4}
    return order(1005000100188, "PENDING_ACTIVATION", legs, **usual | more)


def bracket() -> Json:
    """Return TRIGGER → OCO → two SINGLE after the entry filled."""
    out = [leg("AMD", "SELL", 20.0)]
    take = order(1005000100142, "WORKING", out, duration="GOOD_TILL_CANCEL", price=175.0)
    stop = order(
        1005000100143, "WORKING", out, duration="GOOD_TILL_CANCEL", orderType="STOP", stopPrice=152.0
    )
    oco = {
        "orderStrategyType": "OCO",
        "orderId": 1005000100141,
        "cancelable": True,
        "editable": False,
        "status": "WORKING",
        "enteredTime": "2026-05-14T13:55:00+0000",
        "accountNumber": ACCOUNT,
        "childOrderStrategies": [take, stop],
    }
    return order(
        1005000100140,
        "FILLED",
        [leg("AMD", "BUY", 20.0)],
        orderStrategyType="TRIGGER",
        price=161.5,
        filledQuantity=20.0,
        closeTime="2026-05-14T13:56:12+0000",
        orderActivityCollection=[execution((1, 20.0, 161.48))],
        childOrderStrategies=[oco],
    )
