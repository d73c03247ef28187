"""What becomes of options at the close of their last day: worthless, exercised or assigned."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from simulator.wire.times import eastern_epoch
from simulator.world import calendar
from simulator.world.entries import Entry, cash, traded, transfer
from simulator.world.listings import all_listings
from simulator.world.market import Market
from simulator.world.options import Contract, parse_contract

_EXERCISED_FROM = 0.01


@dataclass(frozen=True, slots=True)
class Ending:
    """One contract's end: the signed quantity that was held, and what the shares' account held before."""

    at: float
    contract: Contract
    quantity: float
    shares: float
    spot: float

    @property
    def intrinsic(self) -> float:
        """Dollars a share in the money, 0 when out of it."""
        sign = 1 if self.contract.right == "C" else -1
        return max(0.0, round(sign * (self.spot - self.contract.strike), 2))

    @property
    def delivered(self) -> float:
        """The signed shares that come by it; none when it ends worthless or is settled in cash."""
        if self.intrinsic < _EXERCISED_FROM or all_listings()[self.contract.root].kind == "INDEX":
            return 0.0
        return self.quantity * 100.0 * (1 if self.contract.right == "C" else -1)


def closes_at(day: date) -> float:
    """When options of a day end."""
    session = calendar.session_of(day)
    return session.close if session is not None else eastern_epoch(day, 16)


def endings(market: Market, day: date, held: dict[str, float]) -> list[Ending]:
    """The ends of all that is held and expires on a day; `held` is changed by what is delivered."""
    mark = f"{day:%y%m%d}"
    found: list[Ending] = []
    for symbol in [symbol for symbol in held if len(symbol) == 21 and symbol[6:12] == mark and held[symbol]]:
        contract = parse_contract(symbol)
        if contract is None:
            continue
        at = closes_at(day)
        spot = market.mark_at(contract.root, at)
        ending = Ending(at, contract, held[symbol], held.get(contract.root, 0.0), spot)
        held[symbol] = 0.0
        held[contract.root] = ending.shares + ending.delivered
        found.append(ending)
    return found


def entries_of(ending: Ending, is_margin: bool) -> Iterator[Entry]:
    """The contract goes by a transfer without cash; the shares are traded at the strike, without an order."""
    symbol, quantity = ending.contract.symbol, ending.quantity
    text = "EXPIRED" if not ending.intrinsic else "ASSIGNED" if quantity < 0 else "EXERCISED"
    out = transfer(ending.at, symbol, -quantity, basis=0.0, text=f"OPTION {text}", effect="CLOSING")
    yield replace(out, sub_account="MARGIN" if is_margin else "CASH")
    if ending.delivered:
        yield from _shares(ending, is_margin)
    elif ending.intrinsic >= _EXERCISED_FROM:
        text = f"CASH SETTLEMENT {ending.contract.root}"
        yield cash(ending.at, "CASH_RECEIPT", ending.intrinsic * 100 * quantity, text)


def _shares(ending: Ending, is_margin: bool) -> Iterator[Entry]:
    """What is closed first, then what is opened; what is sold beyond the shares held is a short sale."""
    root, strike, wanted = ending.contract.root, ending.contract.strike, ending.delivered
    closes = min(abs(wanted), abs(ending.shares)) if wanted * ending.shares < 0 else 0.0
    sign = 1 if wanted > 0 else -1
    for units, effect in ((closes, "CLOSING"), (abs(wanted) - closes, "OPENING")):
        if units:
            short = sign < 0 if effect == "OPENING" else sign > 0
            gross = round(-sign * units * strike, 2)
            text = "ASSIGNED" if ending.quantity < 0 else "EXERCISED"
            yield traded(
                ending.at,
                root,
                sign * units,
                gross,
                is_margin=is_margin,
                short=short,
                effect=effect,
                text=text,
            )
