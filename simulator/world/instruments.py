"""Instrument objects as positions, orders and transactions write them; the same thing reads differently in each."""

from functools import lru_cache

from simulator.wire.times import wire_date
from simulator.world import chance
from simulator.world.listings import Kind, all_listings
from simulator.world.options import Contract, parse_contract

Json = dict[str, object]

_POSITION_TYPE: dict[Kind, str] = {
    "EQUITY": "EQUITY",
    "ETF": "COLLECTIVE_INVESTMENT",
    "FUND": "MUTUAL_FUND",
    "MONEY": "MUTUAL_FUND",
    "BOND": "FIXED_INCOME",
    "INDEX": "INDEX",
}
_ORDER_TYPE: dict[Kind, str] = {**_POSITION_TYPE, "ETF": "EQUITY"}


@lru_cache(maxsize=8192)
def instrument_id(symbol: str) -> int:
    """Schwab's number of an instrument, the same in orders and transactions."""
    return chance.whole(100_000, 4_200_000_000, "instrument", symbol)


def asset_type(symbol: str) -> str:
    """The assetType that position rows use."""
    return "OPTION" if parse_contract(symbol) is not None else _POSITION_TYPE[all_listings()[symbol].kind]


def position_instrument(symbol: str, net_change: float) -> Json:
    """The instrument inside a position row; EQUITY rows have no description, funds and bonds no netChange."""
    contract = parse_contract(symbol)
    if contract is not None:
        return {**_position_option(symbol)[0], "netChange": net_change, **_position_option(symbol)[1]}
    listing = all_listings()[symbol]
    found: Json = {"assetType": _POSITION_TYPE[listing.kind], "cusip": listing.cusip, "symbol": symbol}
    if listing.kind == "EQUITY":
        found["netChange"] = net_change
        return found
    found["description"] = listing.name
    if listing.kind == "ETF":
        found["netChange"] = net_change
        found["type"] = "EXCHANGE_TRADED_FUND"
    return found


@lru_cache(maxsize=4096)
def _position_option(symbol: str) -> tuple[Json, Json]:
    contract = _contract(symbol)
    head: Json = {
        "assetType": "OPTION",
        "cusip": contract.cusip,
        "symbol": symbol,
        "description": contract.long_description(all_listings()[contract.root].name),
    }
    tail: Json = {"type": "VANILLA", "putCall": contract.put_call, "underlyingSymbol": contract.root}
    return head, tail


def _contract(symbol: str) -> Contract:
    contract = parse_contract(symbol)
    if contract is None:
        raise ValueError(f"{symbol!r} is not an option symbol")
    return contract


def order_instrument(symbol: str) -> Json:
    """The instrument inside an order leg; ETFs are EQUITY here."""
    contract = parse_contract(symbol)
    if contract is None:
        listing = all_listings()[symbol]
        return {
            "assetType": _ORDER_TYPE[listing.kind],
            "cusip": listing.cusip,
            "symbol": symbol,
            "instrumentId": instrument_id(symbol),
        }
    return {
        "assetType": "OPTION",
        "cusip": contract.cusip,
        "symbol": symbol,
        "description": contract.long_description(all_listings()[contract.root].name),
        "instrumentId": instrument_id(symbol),
        "type": "VANILLA",
        "putCall": contract.put_call,
        "underlyingSymbol": contract.root,
        "optionDeliverables": [{"symbol": contract.root, "deliverableUnits": 100.0}],
    }


def transaction_instrument(symbol: str, closing_price: float) -> Json:
    """The instrument inside a transaction's security row; `closing_price` is the close before the trade."""
    contract = parse_contract(symbol)
    found: Json = {"assetType": asset_type(symbol), "status": "ACTIVE", "symbol": symbol}
    if contract is None:
        listing = all_listings()[symbol]
        kind = {"EQUITY": "COMMON_STOCK", "ETF": "EXCHANGE_TRADED_FUND"}.get(listing.kind)
        if listing.kind != "EQUITY":
            found["description"] = listing.name
        found |= {"instrumentId": instrument_id(symbol), "closingPrice": closing_price}
        return found | ({"type": kind} if kind else {})
    return found | {
        "description": contract.long_description(all_listings()[contract.root].name),
        "instrumentId": instrument_id(symbol),
        "closingPrice": closing_price,
        "expirationDate": wire_date(contract.expiry),
        "optionDeliverables": [
            {
                "rootSymbol": contract.root,
                "strikePercent": 100,
                "deliverableNumber": 1,
                "deliverableUnits": 100.0,
            }
        ],
        "optionPremiumMultiplier": 100,
        "putCall": contract.put_call,
        "strikePrice": contract.strike,
        "type": "VANILLA",
        "underlyingSymbol": contract.root,
    }


DOLLAR: Json = {
    "assetType": "CURRENCY",
    "status": "ACTIVE",
    "symbol": "CURRENCY_USD",
    "description": "USD currency",
    "instrumentId": 1,
    "closingPrice": 0.0,
}
