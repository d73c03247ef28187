"""Numbers and times as account activity writes them: decimals in parts, Eastern wall-clock text without a zone."""

from datetime import datetime
from decimal import Decimal

from simulator.wire.times import EASTERN
from simulator.world.instruments import Json

_SIX_DECIMALS = 12


def decimal(value: float | None) -> Json:
    """{"lo", "signScale"}: value = lo / 10^(signScale >> 1), negative when odd; no `lo` is 0, {} is null."""
    if value is None:
        return {}
    scaled = round(Decimal(str(value)) * 10**6)
    if not scaled:
        return {"signScale": _SIX_DECIMALS}
    return {"lo": str(abs(scaled)), "signScale": _SIX_DECIMALS + (scaled < 0)}


def whole(value: int) -> Json:
    """A whole number without a scale."""
    return {"lo": str(value)}


def moment(epoch: float | None) -> Json:
    """{"DateTimeString"} with milliseconds; nothing for no time."""
    if epoch is None:
        return {}
    eastern = datetime.fromtimestamp(epoch, EASTERN).replace(tzinfo=None)
    return {"DateTimeString": eastern.isoformat(" ", "milliseconds")}


def day(epoch: float) -> Json:
    """A date only."""
    return {"DateTimeString": datetime.fromtimestamp(epoch, EASTERN).date().isoformat()}
