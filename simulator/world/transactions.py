"""Transactions: one per order leg that traded, plus dividends, interest and ACH receipts on fixed days of the month."""

from dataclasses import dataclass
from datetime import date, timedelta

from simulator.wire.times import eastern_date, eastern_epoch, wire_date, wire_time
from simulator.world import calendar, chance
from simulator.world.accounts import Account
from simulator.world.balances import cents
from simulator.world.instruments import DOLLAR, Json, transaction_instrument
from simulator.world.listings import all_listings
from simulator.world.market import multiplier
from simulator.world.options import parse_contract
from simulator.world.orders import Order, Trade, day_of_order, flat, own_trades
from simulator.world.world import World

_RECEIPT_DAY, _DIVIDEND_DAY, _INTEREST_DAY = 11, 12, 15


@dataclass(frozen=True)
class Transaction:
    """A transaction with what the list filters by; `at` is epoch seconds."""

    at: float
    type: str
    symbol: str | None
    json: Json


def transactions_between(world: World, account: Account, start: float, end: float) -> list[Transaction]:
    """All transactions between two instants, newest first; orders entered somewhat earlier may trade in between."""
    day, last = eastern_date(start) - timedelta(days=2), eastern_date(end)
    found: list[Transaction] = []
    while day <= last:
        for order in world.orders_entered_on(account, day):
            found += _trades(world, account, order, end)
        found += _others(world, account, day)
        day += timedelta(days=1)
    within = [item for item in found if start <= item.at <= end]
    return sorted(within, key=lambda item: item.at, reverse=True)


def transaction_by_id(world: World, account: Account, identifier: int, now: float) -> Transaction | None:
    """One transaction up to now: a trade's id says its order's day, the others are looked for within a year."""
    day = day_of_order(identifier // 10)
    if day is not None:
        start = eastern_epoch(day)
        found = transactions_between(world, account, start, min(now, start + 3 * 86400))
    else:
        today = eastern_date(now)
        days = (today - timedelta(days=back) for back in range(367))
        found = [item for past in days for item in _others(world, account, past) if item.at <= now]
    return next((item for item in found if item.json["activityId"] == identifier), None)


def _trades(world: World, account: Account, order: Order, end: float) -> list[Transaction]:
    found: list[Transaction] = []
    for single in flat(order):
        done = [trade for trade in own_trades(single) if trade.at <= end]
        for number, leg in enumerate(single.legs, 1):
            parts = [trade for trade in done if trade.symbol == leg.symbol]
            if parts:
                found.append(_trade(world, account, single, number, parts))
    return found


def _trade(world: World, account: Account, order: Order, leg: int, parts: list[Trade]) -> Transaction:
    first, at = parts[0], parts[-1].at
    quantity = round(sum(part.quantity for part in parts), 6)
    gross = cents(*[-part.quantity * part.price * multiplier(part.symbol) for part in parts])
    fees = cents(*[part.fees for part in parts])
    price = abs(gross) / (abs(quantity) * multiplier(first.symbol))
    close = world.market.mark_at(first.symbol, calendar.previous_close(at))
    settles = calendar.next_trading_day(eastern_date(at))
    rows = _fee_rows(fees)
    rows.append(
        {
            "instrument": transaction_instrument(first.symbol, close),
            "amount": quantity,
            "cost": gross,
            "price": round(price, 6),
            "positionEffect": first.effect,
        }
    )
    body: Json = {
        "activityId": order.order_id * 10 + leg,
        "time": wire_time(at),
        "accountNumber": account.number,
        "type": "TRADE",
        "status": "VALID",
        "subAccount": _sub_account(account, first),
        "tradeDate": wire_time(at),
        "settlementDate": wire_date(settles),
        "positionId": chance.whole(2_700_000_000, 2_900_000_000, account.number, first.symbol),
        "orderId": order.order_id,
        "netAmount": cents(gross, -fees),
        "transferItems": rows,
    }
    return Transaction(at, "TRADE", first.symbol, body)


def _sub_account(account: Account, trade: Trade) -> str:
    if not account.is_margin:
        return "CASH"
    return "SHORT" if trade.is_short_stock else "MARGIN"


def _fee_rows(fees: float) -> list[Json]:
    commission = round(fees * 65 / 66, 2)
    amounts = {
        "COMMISSION": commission,
        "SEC_FEE": 0.0,
        "OPT_REG_FEE": cents(fees, -commission),
        "TAF_FEE": 0.0,
    }
    return [
        {"instrument": DOLLAR, "amount": amount, "cost": -amount if amount else 0.0, "feeType": kind}
        for kind, amount in amounts.items()
    ]


def _others(world: World, account: Account, day: date) -> list[Transaction]:
    if account.profile.key == "empty":
        return []
    found: list[Transaction] = []
    if day.day == _DIVIDEND_DAY:
        held = [
            row for row in world.start_of_day(account, day).rows.values() if _pays(row.symbol, row.quantity)
        ]
        row = held[day.month % len(held)]
        amount = max(0.01, round(row.quantity * all_listings()[row.symbol].base * 0.004, 2))
        found.append(
            _single(
                account,
                day,
                "DIVIDEND_OR_INTEREST",
                amount,
                all_listings()[row.symbol].name,
                qualifiedDividend=True,
            )
        )
    if day.day == _INTEREST_DAY:
        text = f"BANK INT {day:%m%d%y} SCHWAB BANK"
        found.append(_single(account, day, "DIVIDEND_OR_INTEREST", round(0.01 * day.month, 2), text))
    if day.day == _RECEIPT_DAY:
        found.append(_single(account, day, "ACH_RECEIPT", 500.0, "EXAMPLE BANK TRANSFER"))
    return found


def _pays(symbol: str, quantity: float) -> bool:
    return (
        quantity > 0 and parse_contract(symbol) is None and all_listings()[symbol].kind in ("EQUITY", "ETF")
    )


def _single(account: Account, day: date, kind: str, amount: float, text: str, **more: object) -> Transaction:
    at = eastern_epoch(day, 4)
    body: Json = {
        "activityId": chance.whole(97_000_000_000, 97_999_999_999, account.number, day, kind, text),
        "time": wire_time(at),
        "accountNumber": account.number,
        "type": kind,
        "status": "VALID",
        "subAccount": "CASH",
        "tradeDate": wire_date(day),
        "settlementDate": wire_date(day),
        "netAmount": amount,
        **more,
        "description": text,
        "transferItems": [{"instrument": DOLLAR, "amount": amount, "cost": 0.0}],
    }
    return Transaction(at, kind, None, body)
