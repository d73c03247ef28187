"""Writes the lines of an account's story as transactions; an order's trades one per leg and day, with their fees."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import msgspec

from simulator.wire.times import eastern_date, wire_date, wire_time
from simulator.world import calendar, chance
from simulator.world.accounts import Account
from simulator.world.entries import Entry, day_of_entry
from simulator.world.fees import KINDS
from simulator.world.instruments import DOLLAR, Json, transaction_instrument
from simulator.world.orders import day_of_order
from simulator.world.story import Story
from simulator.world.world import World

_DAY = timedelta(days=1)
_DISORDER = 240


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction with what the list filters by; `at` is epoch seconds."""

    at: float
    type: str
    symbol: str | None
    json: msgspec.Raw


def transactions_between(
    world: World, account: Account, start: float, end: float, now: float
) -> list[Transaction]:
    """All transactions between two instants as they are now, newest first but for a little disorder."""
    end = min(end, now)
    day, last = max(eastern_date(start), world.story.agendas[account.index].born), eastern_date(end)
    found: list[Entry] = []
    while day <= last:
        found += [entry for entry in world.entries(account, day, now) if start <= entry.at <= end]
        day += _DAY
    found.sort(key=lambda entry: entry.at + entry.identifier * 7 % _DISORDER, reverse=True)
    return [_transaction(world, account, entry) for entry in found]


def transaction_by_id(world: World, account: Account, identifier: int, now: float) -> Transaction | None:
    """One transaction up to now; its id says its day, or its order's."""
    for day in _days_of(world, account, identifier, now):
        for entry in world.entries(account, day, now) if day <= eastern_date(now) else ():
            if entry.identifier == identifier:
                return _transaction(world, account, entry)
    return None


def _days_of(world: World, account: Account, identifier: int, now: float) -> list[date]:
    day = day_of_entry(identifier)
    if day is not None:
        return [day]
    order_id = identifier // 100
    if day_of_order(order_id) is None:
        return []
    order = world.order(account, order_id, now)
    return sorted({eastern_date(fill.at) for fill in order.fills}) if order is not None else []


def _transaction(world: World, account: Account, entry: Entry) -> Transaction:
    return Transaction(entry.at, entry.type, entry.symbol, _written(world.story, account, entry))


@lru_cache(maxsize=8192)
def _written(story: Story, account: Account, entry: Entry) -> msgspec.Raw:
    body = _trade(story, account, entry) if entry.type == "TRADE" else _other(story, account, entry)
    return msgspec.Raw(msgspec.json.encode(_with_news(body, entry)))


def _head(account: Account, entry: Entry) -> Json:
    return {
        "activityId": entry.identifier,
        "time": wire_time(entry.at),
        "accountNumber": account.number,
        "type": entry.type,
        "status": "VALID",
        "subAccount": entry.sub_account,
    }


def _trade(story: Story, account: Account, entry: Entry) -> Json:
    rows: list[Json] = [
        {"instrument": DOLLAR, "amount": fee, "cost": -fee + 0.0, "feeType": kind}
        for kind, fee in zip(KINDS, entry.fees, strict=True)
    ]
    settles = calendar.next_trading_day(eastern_date(entry.at))
    body = _head(account, entry) | {
        "tradeDate": wire_time(entry.at),
        "settlementDate": wire_date(settles),
        "positionId": _position_id(account, entry),
    }
    if entry.order_id is not None:
        body["orderId"] = entry.order_id
    body["netAmount"] = entry.net
    if entry.text:
        body["description"] = entry.text
    return body | {"transferItems": [*rows, _security(story, entry)]}


def _other(story: Story, account: Account, entry: Entry) -> Json:
    day = eastern_date(entry.at)
    body = _head(account, entry) | {"tradeDate": wire_date(day), "settlementDate": wire_date(day)}
    if entry.symbol is not None:
        body["positionId"] = _position_id(account, entry)
    body["netAmount"] = entry.net
    if entry.qualified:
        body["qualifiedDividend"] = True
    body["description"] = entry.text
    return body | {"transferItems": [_security(story, entry) if entry.symbol is not None else _cash(entry)]}


def _cash(entry: Entry) -> Json:
    if entry.fee_type:
        return {
            "instrument": DOLLAR,
            "amount": -entry.net,
            "cost": entry.net,
            "feeType": entry.fee_type,
        }
    return {"instrument": DOLLAR, "amount": entry.net, "cost": 0.0}


def _security(story: Story, entry: Entry) -> Json:
    symbol = entry.symbol or ""
    close = story.market.mark_at(symbol, calendar.previous_close(entry.at))
    return {
        "instrument": transaction_instrument(symbol, close),
        "amount": entry.quantity,
        "cost": entry.gross,
        "price": entry.price,
        "positionEffect": entry.effect,
    }


def _position_id(account: Account, entry: Entry) -> int:
    return chance.whole(2_700_000_000, 2_900_000_000, account.number, entry.symbol)


def _with_news(body: Json, entry: Entry) -> Json:
    """What Schwab sends now and then and what no client has heard of yet."""
    if entry.identifier % 11 == 3:
        body["activityType"] = "EXECUTION" if entry.type == "TRADE" else "TRANSFER"
    if entry.identifier % 17 == 5:
        body["user"] = {"cdDomainId": "EXAMPLE", "type": "SYSTEM_USER", "systemUserName": "EXAMPLE"}
    if entry.identifier % 61 == 7:
        body["clearingVenue"] = {"code": "EX", "since": 2026}
    return body
