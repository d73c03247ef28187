"""What a client makes of transactions alone: quantities, lots that leave in order, and cash."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from simulator.tests.conftest import Wire
from simulator.trader_query import TYPES

Row = dict[str, Any]
WINDOWS = ("2025-05-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z", "2027-01-31T00:00:00.000Z")


def transactions(wire: Wire, index: int, start: str, end: str, **more: str) -> list[Row]:
    """One account's transactions of a window of at most a year, all types unless told."""
    path = f"/trader/v1/accounts/{wire.hash_of(index)}/transactions"
    answer = wire.get(path, startDate=start, endDate=end, **{"types": ",".join(sorted(TYPES)), **more})
    assert answer.status_code == 200, answer.text
    found: list[Row] = answer.json()
    return found


def whole_story(wire: Wire, index: int) -> list[Row]:
    """Everything since the account was opened, oldest first."""
    found: dict[int, Row] = {}
    for start, end in pairwise(WINDOWS):
        part = transactions(wire, index, start, end)
        assert len(part) < 3000
        found |= {row["activityId"]: row for row in part}
    return sorted(found.values(), key=lambda row: (row["time"], row["activityId"]))


def security(row: Row) -> Row | None:
    """The security row of a trade or a transfer."""
    item: Row = row["transferItems"][-1]
    return item if item["instrument"]["assetType"] != "CURRENCY" else None


def factor(instrument: Row) -> float:
    """What a unit's price is multiplied by."""
    return {"OPTION": 100.0, "FIXED_INCOME": 0.01}.get(instrument["assetType"], 1.0)


@dataclass
class Lots:
    """Units, price and price with fees of what is held of one symbol; the sign says long or short."""

    sign: int = 0
    lots: list[list[float]] = field(default_factory=list)

    def take(self, amount: float, price: float, net: float) -> None:
        """First in, first out; what is left over opens on the other side."""
        left = abs(amount)
        if self.sign and (amount > 0) != (self.sign > 0):
            while left > 1e-9 and self.lots:
                part = min(left, self.lots[0][0])
                self.lots[0][0] -= part
                left -= part
                if self.lots[0][0] < 1e-9:
                    del self.lots[0]
        if left > 1e-9:
            self.lots.append([left, price, net])
            self.sign = 1 if amount > 0 else -1
        if not self.lots:
            self.sign = 0

    @property
    def quantity(self) -> float:
        """Signed."""
        return self.sign * sum(lot[0] for lot in self.lots)

    def average(self, place: int) -> float:
        """Of the prices (1) or of those with fees (2)."""
        return sum(lot[0] * lot[place] for lot in self.lots) / sum(lot[0] for lot in self.lots)


def told(rows: list[Row]) -> tuple[dict[str, Lots], float]:
    """The lots by symbol and the cash that the rows leave."""
    lots: dict[str, Lots] = defaultdict(Lots)
    for row in rows:
        item = security(row)
        if item is not None:
            price = net = item["price"]
            if row["type"] == "TRADE":
                size = item["amount"] * factor(item["instrument"])
                price, net = -item["cost"] / size, -row["netAmount"] / size
            lots[item["instrument"]["symbol"]].take(item["amount"], price, net)
    return lots, sum(row["netAmount"] for row in rows)
