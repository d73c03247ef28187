"""One held row between two syncs: Schwab's figures, and what they become at another mark.

Δ = mark × quantity × multiplier − Schwab's market value. All figures move by Δ; nothing is rounded but the spelling.
"""

from decimal import ROUND_HALF_EVEN, Decimal

from actandpos.plain import plain
from actandpos.shown import PositionFigures

MONEY, PRICE = Decimal("0.0001"), Decimal("0.00000001")
ZERO, HUNDRED = Decimal(0), Decimal(100)
LONG, SHORT_SOLD, OPTION, WITHOUT_OPEN, WITHOUT_DAY = range(5)
"""The sums of movements that a book keeps: of long and short shares, of options, of rows without some figure."""
STREAMED = frozenset({"EQ", "ETF", "IDX", "OPT"})
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
    return None if value is None else _amount(value)


def _amount(value: Decimal) -> str:
    """Spell an amount: as `plain` does, which need not look for exponents where there are 4 decimals."""
    text = str(value.quantize(MONEY, ROUND_HALF_EVEN)).rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def price(value: Decimal) -> str | None:
    """Spell a price as the book does: 8 decimals, half-even; a short one, which most are, needs no rounding."""
    text = str(value)
    whole, _, decimals = text.partition(".")
    if "E" in text or len(decimals) > 8:
        return plain(value.quantize(PRICE, ROUND_HALF_EVEN))
    if decimals.strip("0"):
        return text.rstrip("0")
    return "0" if whole == "-0" else whole


class Holding:
    """A row that can be marked. `delta` is how far its market value moved since Schwab's figures."""

    __slots__ = (
        *("account_id", "bucket", "cost", "day_base", "delta", "factor", "field", "id", "is_option", "mark"),
        *("mark_change", "mark_price", "market_value", "pl_day", "pl_open", "shown", "symbol"),
    )

    def __init__(self, row: PositionFigures) -> None:
        value = ZERO if row.market_value is None else row.market_value
        self.id, self.account_id, self.symbol = row.id, row.account_id, row.symbol
        self.field = str(row.id)
        self.is_option, self.factor = row.asset_type == "OPT", row.quantity * row.multiplier
        self.bucket = OPTION if self.is_option else LONG if self.factor > 0 else SHORT_SOLD
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
    def can_be_marked(row: PositionFigures) -> bool:
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
        opened, today, change = self.pl_open, self.pl_day, self.mark_change
        opened = None if opened is None else opened + delta
        today = None if today is None else today + delta
        if change is not None and self.mark_price is not None:
            change = change + mark - self.mark_price
        cost, base = self.cost, self.day_base
        return {
            "mark_price": price(mark),
            "mark_change": None if change is None else price(change),
            "market_value": _amount(self.market_value + delta),
            "pl_open": None if opened is None else _amount(opened),
            "pl_open_percent": None if opened is None or cost is None else _amount(opened * HUNDRED / cost),
            "pl_day": None if today is None else _amount(today),
            "pl_day_percent": None if today is None or base is None else _amount(today * HUNDRED / base),
        }

    def changes(self) -> Texts:
        """Return the keys that differ from what was last shown, and take them as shown."""
        shown, texts = self.shown, self.texts()
        changed = {name: text for name, text in texts.items() if shown[name] != text}
        if changed:
            self.shown = texts
        return changed
