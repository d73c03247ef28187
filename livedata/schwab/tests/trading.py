"""A small broker of the tests' own: generated days of trading, told in Schwab's words, kept by another book-keeping."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from livedata.schwab.tests import payload_transactions as sent
from livedata.schwab.tests.payload_orders import execution, leg, order
from livedata.schwab.tests.payloads import Json

D = Decimal
FIRST = datetime(2026, 6, 1, 14, 0, tzinfo=UTC)
SHARES = ("AAA", "BBB", "CCC")
OPTIONS = ("AAA   261218C00050000", "AAA   261218C00055000", "BBB   261218P00040000")
CENT = D("0.01")


def multiplier(symbol: str) -> Decimal:
    """100 for an option, 1 for a share."""
    return D(100) if len(symbol) == 21 else D(1)


def wire_time(at: datetime) -> str:
    """Write a time as Schwab does."""
    return f"{at:%Y-%m-%dT%H:%M:%S}+0000"


class Broker:
    """One margin account. Cash is kept as one running sum, lots first in first out with their fees in the cost."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.at, self.number = FIRST, 0
        self.cash = self.deposited = D(self.chance.randint(0, 30000))
        self.marks = {each: D(self.chance.randint(500, 9000)) * CENT for each in SHARES}
        self.marks |= {each: D(self.chance.randint(20, 900)) * CENT for each in OPTIONS}
        self.lots: dict[str, list[list[Decimal]]] = defaultdict(list)
        self.transactions = [self._deposit()]
        self.orders: list[Json] = []
        self.fees_today: dict[str, Decimal] = defaultdict(D)
        self.begin_day()

    def _deposit(self) -> Json:
        self.number += 1
        amount = float(self.deposited)
        dates = {"time": wire_time(self.at), "tradeDate": wire_time(self.at)}
        return sent.transaction(self.number, "ACH_RECEIPT", amount, sent.cash(amount), **dates)

    def held(self, symbol: str) -> Decimal:
        """Return the signed quantity."""
        return sum((quantity for quantity, _ in self.lots[symbol]), D(0))

    def value(self, symbol: str) -> Decimal:
        """Return the signed market value."""
        return self.held(symbol) * self.marks[symbol] * multiplier(symbol)

    def worth(self) -> Decimal:
        """Return the net liquidating value."""
        return self.cash + sum((self.value(each) for each in self.marks), D(0))

    def begin_day(self) -> None:
        """Let a day begin: what is held and its marks now are what the day's P/L starts from."""
        self.at = self.at.replace(hour=14, minute=0, second=0) + timedelta(days=1)
        self.start = {each: (self.held(each), self.marks[each]) for each in self.marks}
        self.cost_today: dict[str, Decimal] = defaultdict(D)
        self.fees_today.clear()
        self.start_worth = self.worth()

    def trade_a_while(self) -> None:
        """Trade a few times, the prices moving in between."""
        for _ in range(self.chance.randint(0, 4)):
            self.trade(self.chance.choice((*SHARES, *OPTIONS)))
            self.drift()

    def drift(self) -> None:
        """Move every mark a little."""
        for symbol, mark in self.marks.items():
            self.marks[symbol] = max(CENT, mark + self.chance.randint(-60, 60) * CENT)

    def trade(self, symbol: str) -> None:
        """Fill an order in one to three parts; one that closes closes no more than is held."""
        held, buys = self.held(symbol), self.chance.random() < 0.5
        quantity = D(self.chance.randint(1, 9) * (1 if len(symbol) == 21 else 10))
        closes = held != 0 and (held > 0) != buys
        quantity = min(quantity, abs(held)) if closes else quantity
        parts = self._parts(quantity)
        fills = []
        for part in parts:
            price = max(CENT, self.marks[symbol] + self.chance.randint(-5, 5) * CENT)
            fills.append((part, price))
        self._book(symbol, 1 if buys else -1, fills, closes=closes)

    def _parts(self, quantity: Decimal) -> list[Decimal]:
        cut = D(self.chance.randint(1, int(quantity)))
        return [part for part in (cut, quantity - cut) if part]

    def _book(self, symbol: str, sign: int, fills: list[tuple[Decimal, Decimal]], *, closes: bool) -> None:
        """Book the fills of one order: one transaction, its fees on top."""
        self.at += timedelta(seconds=self.chance.randint(1, 900))
        self.number += 1
        units = sum((part for part, _ in fills), D(0))
        gross = sum((part * price for part, price in fills), D(0)) * multiplier(symbol) * -sign
        fees = D(self.chance.randint(0, 300)) * CENT
        self.cash += gross - fees
        self.cost_today[symbol] += fees - gross
        self.fees_today[symbol] += fees
        self._move_lots(symbol, sign * units, fees - gross)
        self._tell(symbol, sign, fills, gross, fees, closes=closes)

    def _move_lots(self, symbol: str, units: Decimal, cost: Decimal) -> None:
        """Take from the oldest lots what goes, or open a lot."""
        lots = self.lots[symbol]
        if not lots or (lots[0][0] > 0) == (units > 0):
            lots.append([units, cost])
            return
        left = -units
        while left:
            taken = min(left, lots[0][0], key=abs)
            lots[0][1] -= lots[0][1] * taken / lots[0][0]
            lots[0][0] -= taken
            left -= taken
            if not lots[0][0]:
                lots.pop(0)

    def _tell(
        self, symbol: str, sign: int, fills: list[tuple[Decimal, Decimal]], *amounts: Decimal, closes: bool
    ) -> None:
        """Write the order and the transaction as Schwab lists them."""
        gross, fees = (float(each) for each in amounts)
        is_option, units = len(symbol) == 21, float(sum(part for part, _ in fills))
        side = "BUY" if sign > 0 else "SELL"
        effect = "CLOSING" if closes else "OPENING"
        share_words = {("BUY", True): "BUY_TO_COVER", ("SELL", False): "SELL_SHORT"}
        word = (
            f"{side}_TO_{effect[:-3].replace('CLOS', 'CLOSE')}"
            if is_option
            else share_words.get((side, closes), side)
        )
        legs = [leg(symbol, word, units, kind="OPTION" if is_option else "EQUITY")]
        times = {"enteredTime": wire_time(self.at), "closeTime": wire_time(self.at)}
        executed = [execution((1, float(part), float(price))) for part, price in fills]
        for number, each in enumerate(executed):
            each["activityId"] = self.number * 10 + number
            each["executionLegs"][0]["time"] = wire_time(self.at)
        told = {"filledQuantity": units, "orderActivityCollection": executed, **times}
        self.orders.append(order(self.number, "FILLED", legs, **told))
        price = abs(gross) / units / float(multiplier(symbol))
        make = sent.option if is_option else sent.security
        row = make(symbol, sign * units, gross, price, effect=effect)
        dates = {"time": wire_time(self.at), "tradeDate": wire_time(self.at)}
        self.transactions.append(sent.trade(self.number, row, fees, **dates))

    def answer(self) -> list[Json]:
        """Return the body of `GET /accounts`: formulas of reference §2.2 and §2.3."""
        value = sum((self.value(each) for each in self.marks), D(0))
        balances = {
            "cashBalance": float(max(self.cash, D(0))),
            "marginBalance": float(min(self.cash, D(0))),
            "shortBalance": 0.0,
            "liquidationValue": float(self.cash + value),
        }
        account: Json = {
            "type": "MARGIN",
            "accountNumber": "31415926",
            "positions": [self._row(each) for each in self.marks if self.held(each)],
            "currentBalances": balances,
            "initialBalances": {},
            "projectedBalances": {},
        }
        return [{"securitiesAccount": account}]

    def day_profit(self, symbol: str) -> Decimal:
        """Return the value now, less the value at the close before, less the cash paid today."""
        quantity, close = self.start[symbol]
        return self.value(symbol) - quantity * close * multiplier(symbol) - self.cost_today[symbol]

    def _row(self, symbol: str) -> Json:
        held, value, times = self.held(symbol), self.value(symbol), multiplier(symbol)
        cost = sum((cost for _, cost in self.lots[symbol]), D(0))
        side = "long" if held > 0 else "short"
        instrument: Json = {"assetType": "OPTION" if times == 100 else "EQUITY", "symbol": symbol}
        instrument["netChange"] = float(self.marks[symbol] - self.start[symbol][1])
        if times == 100:
            put_call = "CALL" if symbol[12] == "C" else "PUT"
            instrument |= {"putCall": put_call, "underlyingSymbol": symbol[:6].strip(), "description": symbol}
        return {
            "longQuantity": float(max(held, D(0))),
            "shortQuantity": float(max(-held, D(0))),
            "averagePrice": float(cost / held / times),
            "marketValue": float(value),
            f"{side}OpenProfitLoss": float(value - cost),
            "currentDayProfitLoss": float(self.day_profit(symbol)),
            "currentDayProfitLossPercentage": 0.0,
            "currentDayCost": float(self.cost_today[symbol]),
            "instrument": instrument,
        }
