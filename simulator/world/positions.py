"""Position rows as the Trader API writes them; every figure from the same board."""

from simulator.world.book import Row
from simulator.world.instruments import Json, position_instrument
from simulator.world.listings import all_listings
from simulator.world.market import Board, multiplier
from simulator.world.options import Contract, parse_contract


def market_value(row: Row, board: Board) -> float:
    """Signed, to the cent; options x 100, bonds price % x face."""
    return round(board.mark(row.symbol) * row.quantity * multiplier(row.symbol), 2)


def maintenance(row: Row, board: Board, value: float) -> float:
    """What a margin account must keep for a row: 30 %, volatile names in full, a strategy's amount for options."""
    contract = parse_contract(row.symbol)
    if contract is not None:
        return _option_maintenance(row, contract, board, value)
    share = 1.0 if all_listings()[row.symbol].volatile else 0.3
    return round(share * abs(value), 2)


def _option_maintenance(row: Row, contract: Contract, board: Board, value: float) -> float:
    if row.quantity > 0:
        return 0.0
    if not row.naked:
        return round(row.spread * -row.quantity, 2)
    spot = board.mark(contract.root)
    out = contract.strike - spot if contract.right == "C" else spot - contract.strike
    per_share = max(0.2 * spot - max(0.0, out), 0.1 * spot)
    return round(per_share * 100 * -row.quantity - value, 2)


def position_json(row: Row, board: Board, value: float, requirement: float) -> Json:
    """One row; P/L figures are plain double arithmetic and keep its noise, as Schwab's do."""
    mark, close, factor = board.mark(row.symbol), board.close(row.symbol), multiplier(row.symbol)
    held = abs(row.quantity)
    is_long = row.quantity > 0
    previous = row.start if row.start * row.quantity > 0 else 0.0
    previous_value = round(close * previous * factor, 2)
    day = value - previous_value - row.day_cost
    invested = abs(previous_value + row.day_cost)
    cost = row.average * held * factor
    body: Json = {
        "shortQuantity": 0.0 if is_long else held,
        "averagePrice": row.average,
        "currentDayProfitLoss": day,
        "currentDayProfitLossPercentage": round(100 * day / invested, 2) + 0.0 if invested else 0.0,
        "longQuantity": held if is_long else 0.0,
        "settledLongQuantity": max(row.start, 0.0),
        "settledShortQuantity": min(row.start, 0.0),
        "instrument": position_instrument(row.symbol, round(mark - close, 2)),
        "marketValue": value,
        "maintenanceRequirement": requirement,
    }
    side = "Long" if is_long else "Short"
    body[f"average{side}Price"] = row.trade_average
    body[f"taxLotAverage{side}Price"] = row.average
    body[f"{side.lower()}OpenProfitLoss"] = value - cost if is_long else cost - abs(value)
    body[f"previousSession{side}Quantity"] = abs(previous)
    body["currentDayCost"] = row.day_cost
    return body
