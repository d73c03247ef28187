"""Says for each figure of a position row that is not there why it is not."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from livedata.schwab.numbers import Column, has_nulls

NO_NAME = "Schwab sends no name in equity rows; it is asked for separately."
NOTHING: dict[str, str] = {}
UNNAMED = {"description": NO_NAME}
REASONS = {
    "avg_price": "Schwab did not send averagePrice.",
    "mark_price": "Schwab did not send marketValue.",
    "mark_change": "Schwab did not send netChange.",
    "market_value": "Schwab did not send marketValue.",
    "cost_basis": "Schwab did not send averagePrice.",
    "pl_open": "Schwab sent neither the open P/L nor what it is computed from.",
    "pl_open_percent": "There is no cost, or next to none, to compare with.",
    "pl_day": "Schwab did not send currentDayProfitLoss.",
    "pl_day_percent": "Schwab did not send currentDayProfitLossPercentage.",
}


def missing(
    figures: Mapping[str, Column], names: Sequence[str | None], held: Sequence[Decimal]
) -> list[dict[str, str]]:
    """Say for each figure that is not there why, row by row. Rows that lack the same share one answer."""
    reasons = [NOTHING if name else UNNAMED for name in names]
    for figure, column in figures.items():
        if not has_nulls(column):
            continue
        for place, value in enumerate(column):
            if value is None:
                nothing = figure == "mark_price" and not held[place]
                reason = "The quantity is 0." if nothing else REASONS[figure]
                reasons[place] = reasons[place] | {figure: reason}
    return reasons
