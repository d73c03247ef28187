"""Lots between the database and matching."""

from collections.abc import Sequence

from actandpos.models import Account, OpenLot, RealizedLot
from actandpos.services.columns import text
from actandpos.services.limits import TOO_LONG, money
from actandpos.services.lots_types import ZERO, Lot, Realized
from actandpos.services.upsert import Target, TextRow, insert

LOTS = Target(
    model=OpenLot,
    columns=(
        *("account_id", "symbol", "underlying", "asset_type", "quantity", "price", "cost", "fees"),
        *("opened_by_id", "opened_at"),
    ),
)
SAME = (
    *("symbol", "underlying", "asset_type", "opened_at", "closed_at", "day", "quantity", "proceeds", "cost"),
    "fees",
)
REALIZED = Target(
    model=RealizedLot,
    columns=("account_id", "opened_by_id", "closed_by_id", *SAME, "pl", "unmatched"),
)


def write_lots(account: Account, lots: Sequence[Lot], realized: Sequence[Realized]) -> int:
    """Insert lots in matching order (their ids keep it) and what was realized; return how many rows that were."""
    rows = [row_of(account, lot) for lot in lots]
    insert(LOTS, [[text(getattr(row, name)) for name in LOTS.columns] for row in rows])
    insert(REALIZED, [_realized(account, each) for each in realized])
    return len(lots) + len(realized)


def lot_of(row: OpenLot) -> Lot:
    """Return a stored lot as matching knows it."""
    fees = row.fees or ZERO
    return Lot(
        id=row.pk,
        symbol=row.symbol,
        underlying=row.underlying,
        asset_type=row.asset_type,
        quantity=row.quantity,
        gross=None if row.cost is None else fees - row.cost,
        fees=fees,
        price=row.price,
        opened_by=row.opened_by_id,
        opened_at=row.opened_at,
    )


def row_of(account: Account, lot: Lot) -> OpenLot:
    """Return a lot as it is stored."""
    return OpenLot(
        pk=lot.id,
        account_id=account.pk,
        symbol=lot.symbol,
        underlying=lot.underlying,
        asset_type=lot.asset_type,
        quantity=lot.quantity,
        price=lot.price,
        cost=None if lot.cost is None else money(lot.cost),
        fees=None if lot.gross is None else lot.fees,
        opened_by_id=lot.opened_by,
        opened_at=lot.opened_at,
    )


def _realized(account: Account, each: Realized) -> TextRow:
    """Return what was realized as it is stored; a gain too large to be kept exactly is said to be so."""
    gain = None if each.pl is None else money(each.pl)
    reason = TOO_LONG if each.pl is not None and gain is None else each.unmatched
    same = [text(getattr(each, name)) for name in SAME]
    return [str(account.pk), text(each.opened_by), str(each.closed_by), *same, text(gain), reason]
