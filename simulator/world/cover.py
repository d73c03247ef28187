"""What covers an option that is sold: shares, another leg of the same order, or nothing; how such orders are named."""

from dataclasses import replace

from simulator.world.book import Book
from simulator.world.options import Contract, parse_contract
from simulator.world.orders import Leg


def with_cover(legs: tuple[Leg, ...], book: Book) -> tuple[Leg, ...]:
    """The legs of one order; sold options among them know what they cost in maintenance."""
    return tuple(_with_cover(leg, legs, book) for leg in legs)


def _with_cover(leg: Leg, legs: tuple[Leg, ...], book: Book) -> Leg:
    contract = parse_contract(leg.symbol)
    if contract is None or leg.instruction != "SELL_TO_OPEN":
        return leg
    bought = [parse_contract(other.symbol) for other in legs if other.instruction == "BUY_TO_OPEN"]
    partners = [other for other in bought if other is not None and _is_alike(other, contract)]
    if partners:
        width = contract.strike - partners[0].strike
        width = -width if contract.right == "C" else width
        return replace(leg, spread=max(0.0, width) * 100)
    is_covered = contract.right == "C" and book.quantity(contract.root) >= 100 * leg.quantity
    return replace(leg, naked=not is_covered)


def _is_alike(one: Contract, other: Contract) -> bool:
    return (one.root, one.expiry, one.right) == (other.root, other.expiry, other.right)


def kind_of(legs: tuple[Leg, ...]) -> str:
    """Schwab's complexOrderStrategyType of some legs."""
    contracts = [parse_contract(leg.symbol) for leg in legs]
    options = [contract for contract in contracts if contract is not None]
    if len(legs) < 2:
        return "NONE"
    if len(options) < len(legs) or len({contract.root for contract in options}) > 1:
        return "COVERED" if len(legs) == 2 and len(options) == 1 else "CUSTOM"
    shape = (len(legs), len({item.right for item in options}), len({item.expiry for item in options}))
    if shape == (2, 2, 1):
        return "STRADDLE" if options[0].strike == options[1].strike else "STRANGLE"
    later = "CALENDAR" if options[0].strike == options[1].strike else "DIAGONAL"
    return {(2, 1, 1): "VERTICAL", (2, 1, 2): later, (4, 2, 1): "IRON_CONDOR"}.get(shape, "CUSTOM")
