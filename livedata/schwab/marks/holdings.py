"""One held row between two syncs: Schwab's figures, and what they become at another mark.

Δ = mark × quantity × multiplier − Schwab's market value. All figures move by Δ; nothing is rounded but the spelling.
"""

from decimal import ROUND_HALF_EVEN, Decimal

from actandpos.plain import plain
from actandpos.shown import PositionView

MONEY, PRICE = Decimal("0.0001"), Decimal("0.00000001")
ZERO, HUNDRED = Decimal(0), Decimal(100)
EQUITY_TYPES = frozenset({"EQ", "ETF", "IDX"})
STREAMED = EQUITY_TYPES | {"OPT"}
"""Asset types that have a mark at the streamer; the others keep Schwab's."""
LARGEST_MARK = Decimal(10) ** 7
"""Prices are kept with 15 digits, 8 of them decimals."""

KEYS = (
    "mark_price",
    "mark_change",
    "market_value",
    "pl_open",
    "pl_open_percent",
    "pl_day",
    "pl_day_percent",
)
"""The keys of a row that marks move, in the order of the wire."""

Texts = dict[str, str | None]


def money(value: Decimal | None) -> str | None:
    """Spell an amount or a percentage as the book does: 4 decimals, half-even."""
    return None if value is None else plain(value.quantize(MONEY, ROUND_HALF_EVEN))


class Holding:
    """A row that can be marked. `delta` is how far its market value moved since Schwab's figures."""

    __slots__ = (
        *("account_id", "asset_type", "cost", "day_base", "delta", "factor", "id", "is_option", "mark"),
        *("mark_change", "mark_price", "market_value", "pl_day", "pl_open", "shown", "symbol"),
    )

    def __init__(self, row: PositionView) -> None:
        value = ZERO if row.market_value is None else row.market_value
        self.id, self.account_id, self.symbol = row.id, row.account_id, row.symbol
        self.asset_type, self.is_option = row.asset_type, row.asset_type == "OPT"
        self.factor = row.quantity * row.multiplier
        self.market_value, self.mark_price, self.mark_change = value, row.mark_price, row.mark_change
        # A percentage that Schwab's figures gave none of stays null.
        self.cost = abs(row.cost_basis) if row.cost_basis and row.pl_open_percent is not None else None
        self.pl_open, self.pl_day = row.pl_open, row.pl_day
        # §2.3: P/L day % = P/L day ÷ |previous value + today's cost|, which is |market value − P/L day|.
        base = None if row.pl_day is None else abs(value - row.pl_day)
        self.day_base = base if base and row.pl_day_percent is not None else None
        self.delta = ZERO
        self.mark: Decimal | None = None
        self.shown: Texts = {name: plain(getattr(row, name)) for name in KEYS}

    @staticmethod
    def can_be_marked(row: PositionView) -> bool:
        """Tell whether a row follows the ticks: a kind with a stream, something held, and Schwab's own value."""
        return row.asset_type in STREAMED and bool(row.quantity) and row.market_value is not None

    def takes(self, mark: Decimal) -> bool:
        """Tell whether a price can be this row's mark; a share that is worth nothing has rather no quote."""
        return ZERO <= mark < LARGEST_MARK and (self.is_option or mark > 0)

    def move(self, mark: Decimal) -> Decimal:
        """Take a new mark; return by how much the market value moved with it."""
        delta = mark * self.factor - self.market_value
        step = delta - self.delta
        self.mark, self.delta = mark, delta
        return step

    def texts(self) -> Texts:
        """Return what the row shows at its mark."""
        mark, delta = self.mark, self.delta
        if mark is None:
            return {}
        opened = None if self.pl_open is None else self.pl_open + delta
        today = None if self.pl_day is None else self.pl_day + delta
        cost, base = self.cost, self.day_base
        change = self.mark_change
        if change is not None and self.mark_price is not None:
            change = change + mark - self.mark_price
        return {
            "mark_price": plain(mark.quantize(PRICE, ROUND_HALF_EVEN)),
            "mark_change": None if change is None else plain(change.quantize(PRICE, ROUND_HALF_EVEN)),
            "market_value": money(self.market_value + delta),
            "pl_open": money(opened),
            "pl_open_percent": None if opened is None or cost is None else money(opened * HUNDRED / cost),
            "pl_day": money(today),
            "pl_day_percent": None if today is None or base is None else money(today * HUNDRED / base),
        }

    def changes(self) -> Texts:
        """Return the keys that differ from what was last shown, and take them as shown."""
        shown, changed = self.shown, {}
        for name, text in self.texts().items():
            if shown[name] != text:
                shown[name] = changed[name] = text
        return changed
