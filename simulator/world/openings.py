"""How each account came to hold what it means to hold: money, purchases, transfers, later additions, partial sales."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from simulator.wire.times import eastern_date, eastern_epoch
from simulator.world import chance
from simulator.world.accounts import WIDE_COUNT, Profile
from simulator.world.deals import Deals, in_hours, open_day
from simulator.world.entries import Done, Entry, cash, trades, transfer
from simulator.world.holdings import Strategy, wide_options
from simulator.world.listings import all_listings
from simulator.world.market import Market
from simulator.world.orders import Order

OLD_DAYS = 200
DEPOSIT_DAYS = 205
_EACH_DAY = 50


@dataclass
class Opening:
    """Orders and other entries of an account's beginning."""

    orders: list[Order] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def net(self, is_margin: bool) -> float:
        """What all of it did to the cash."""
        return spent(self.orders, is_margin) + sum(entry.net for entry in self.entries)


def spent(orders: Iterable[Order], is_margin: bool) -> float:
    """What all that some orders ever do brings to the cash; short sales fill another balance."""
    done = [Done(fill.at, order, fill) for order in orders for fill in order.fills]
    return sum(entry.net for entry in trades(done, is_margin) if entry.sub_account != "SHORT")


def opening(market: Market, profile: Profile, index: int, begins: date) -> Opening:
    """Everything but the opening deposit, which follows from the rest."""
    found = Opening()
    deals = Deals(market, index, 100)
    wide = profile.key == "wide"
    for place, (symbol, quantity) in enumerate(profile.shares):
        if place == 0:
            day = open_day(begins - timedelta(days=OLD_DAYS))
            found.orders.append(deals.shares(in_hours(day, 3), symbol, quantity))
        elif wide:
            day = open_day(begins, 1 + place // _EACH_DAY)
            found.orders.append(deals.shares(in_hours(day, place), symbol, quantity))
        else:
            _come_by(found, deals, profile, begins, place)
    if wide:
        _wide_options(found, deals, begins)
    first = sum(order.entered < eastern_epoch(begins) for order in found.orders)
    if first:
        at = eastern_epoch(open_day(begins - timedelta(days=DEPOSIT_DAYS)), 4)
        cost = -spent(found.orders[:first], profile.is_margin)
        found.entries.append(cash(at, "ACH_RECEIPT", cost // 1000 * 1000 + 1000, "EXAMPLE BANK TRANSFER"))
    return found


def _come_by(found: Opening, deals: Deals, profile: Profile, begins: date, place: int) -> None:
    symbol, quantity = profile.shares[place]
    listing = all_listings()[symbol]
    day = open_day(begins, 1 + place)
    at, later = in_hours(day, place * 9), in_hours(_later(begins, symbol), place * 9)
    is_fund = listing.kind in ("FUND", "MONEY")
    fraction = bool(quantity % 1) and not is_fund
    if place == 7 or fraction or (is_fund and profile.is_margin):
        basis = round(deals.market.mark_at(symbol, at - 90 * 86400), 4)
        found.entries.append(
            transfer(at, symbol, quantity, basis=basis, text="TRANSFER OF SECURITY", effect="OPENING")
        )
    elif place % 4 == 1 and quantity >= 10:
        first = float(quantity * 3 // 5)
        found.orders.append(deals.shares(at, symbol, first, parts=2))
        found.orders.append(deals.shares(later, symbol, quantity - first))
    elif place % 4 == 2 and quantity > 0 and profile.is_margin:
        extra = float(quantity // 2)
        found.orders.append(deals.shares(at, symbol, quantity + extra, parts=2))
        found.orders.append(deals.shares(later, symbol, -extra, closes=True))
    else:
        found.orders.append(deals.shares(at, symbol, quantity))


def _later(begins: date, symbol: str) -> date:
    return open_day(begins + timedelta(days=chance.whole(80, 230, "later", symbol)))


def _wide_options(found: Opening, deals: Deals, begins: date) -> None:
    day = open_day(begins, 2)
    for place, leg in enumerate(wide_options(deals.market, day, WIDE_COUNT)):
        at = in_hours(open_day(begins, 2 + place // _EACH_DAY), place + 17)
        found.orders.append(deals.strategy(at, Strategy("NONE", leg.quantity, (leg,))))


def once(profile: Profile, begins: date) -> Iterator[Entry]:
    """What comes once in the account's first year besides trades."""

    def at(days: int) -> float:
        return eastern_epoch(open_day(begins + timedelta(days=days)), 4)

    if profile.key == "desk":
        yield cash(at(40), "WIRE_IN", 10_000.0, "WIRED FUNDS RECEIVED")
        yield cash(at(75), "WIRE_OUT", -5000.0, "WIRED FUNDS DISBURSED")
        yield cash(at(75), "CASH_DISBURSEMENT", -25.0, "WIRED FUNDS FEE", fee_type="MISCELLANEOUS_FEE")
    if profile.key == "ira":
        yield cash(at(70), "JOURNAL", 1000.0, "JOURNAL FROM ...000")
        yield cash(at(160), "ELECTRONIC_FUND", 250.0, "FUNDS RECEIVED")
    if profile.key == "borrower":
        yield cash(at(120), "CASH_DISBURSEMENT", -3.2, "ADR MGMT FEE", fee_type="GENERAL_CHARGE")
        yield cash(at(150), "JOURNAL", -1000.0, "JOURNAL TO ...000")
    if profile.key == "empty":
        yield cash(at(0), "ACH_RECEIPT", 500.0, "EXAMPLE BANK TRANSFER")
        yield cash(at(50), "ACH_DISBURSEMENT", -362.58, "EXAMPLE BANK TRANSFER")


def day_of(entry: Entry) -> date:
    """The Eastern date of an entry."""
    return eastern_date(entry.at)
