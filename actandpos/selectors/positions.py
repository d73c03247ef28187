"""Reads positions as they are shown: with their share of net liq and their days to expiration."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from actandpos.models import Account, ClosedPosition, Position
from actandpos.selectors.exact import exact_rows
from actandpos.shown import PositionFigures, PositionView

PLACES = Decimal("0.0001")
BEFORE_SHARE = (
    *("id", "account_id", "symbol", "underlying", "description", "asset_type", "broker_asset_type"),
    *("quantity", "avg_price", "mark_price", "mark_change", "multiplier", "market_value", "cost_basis"),
)
BETWEEN = ("pl_open", "pl_open_percent", "pl_day", "pl_day_percent", "put_call", "strike", "expiration")
OWN = ("pl_day_computed", "pl_day_percent_computed")
COLUMNS = (*BEFORE_SHARE, *BETWEEN, *OWN, "as_of", "missing")
FIGURES = (*PositionFigures.__struct_fields__, *OWN)
FIRST, SECOND = len(BEFORE_SHARE), len(BEFORE_SHARE) + len(BETWEEN)
MARKET_VALUE, EXPIRATION = COLUMNS.index("market_value"), COLUMNS.index("expiration")
PL_DAY, COMPUTED = COLUMNS.index("pl_day"), COLUMNS.index(OWN[0])
DESCRIPTION = COLUMNS.index("description")


def position_rows(
    accounts: Sequence[Account], today: date, *, ids: Collection[int] | None = None
) -> list[PositionView]:
    """Return the positions of accounts, by account, underlying and symbol; `ids` narrows them to some.

    `today` is the date in US Eastern. `net_liq_percent` is of the row's own account.
    """
    net_liq = {account.pk: account.net_liq for account in accounts}
    rows = Position.objects.filter(account_id__in=net_liq)
    rows = rows.order_by("account_id", "underlying", "symbol", "id")
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return [_view(row, net_liq[row[1]], today) for row in exact_rows(rows, COLUMNS)]


def position_figures(account: Account) -> list[PositionFigures]:
    """Return what marks move of the positions of an account, in no order: a third of the work of `position_rows`."""
    rows = Position.objects.filter(account_id=account.pk).order_by()
    return [_figures(row) for row in exact_rows(rows, FIGURES)]


def _figures(row: tuple[Any, ...]) -> PositionFigures:
    """Build the figures from a stored row, whose last two columns, a day's P/L of our own, stand for the broker's."""
    return PositionFigures(*(row[:-2] if row[-2] is None else (*row[:-4], *row[-2:])))


def stored_digests(account: Account) -> dict[tuple[str, str], str]:
    """Return the digest of every stored position by (symbol, asset type): what need not be parsed again."""
    rows = Position.objects.filter(account_id=account.pk).order_by()
    stored = rows.values_list("symbol", "asset_type", "digest")
    return {(symbol, asset_type): digest for symbol, asset_type, digest in stored}


def _view(row: tuple[Any, ...], net_liq: Decimal | None, today: date) -> PositionView:
    """Build the shown row from a stored one, whose columns are in the order of `COLUMNS`."""
    as_of, missing = row[-2:]
    if row[DESCRIPTION] is not None:
        missing.pop("description", None)  # it came later, apart from the row
    market_value, expiration = row[MARKET_VALUE], row[EXPIRATION]
    share = None
    if market_value is None or net_liq is None or net_liq <= 0:
        missing = {**missing, "net_liq_percent": _no_share(market_value, net_liq)}
    else:
        share = (market_value * 100 / net_liq).quantize(PLACES, rounding=ROUND_HALF_EVEN)
    days = None if expiration is None else (expiration - today).days
    between, broker, source = row[FIRST:SECOND], None, "broker"
    if row[COMPUTED] is not None:
        own, broker, source = row[COMPUTED : COMPUTED + 2], row[PL_DAY], "computed"
        between = (*row[FIRST:PL_DAY], *own, *row[PL_DAY + 2 : SECOND])
    return PositionView(*(*row[:FIRST], share, *between, days, as_of, missing, source, broker))


def closed_rows(accounts: Sequence[Account], today: date) -> list[ClosedPosition]:
    """Return what was closed on the Eastern day `today`, by underlying and symbol; not asked for without a reason."""
    traded = [account.pk for account in accounts if account.traded_on == today]
    return list(ClosedPosition.objects.filter(account__in=traded, day=today)) if traded else []


def _no_share(market_value: Decimal | None, net_liq: Decimal | None) -> str:
    """Say why a row has no share of the net liquidating value."""
    if market_value is None:
        return "The market value is not known."
    if net_liq is None:
        return "The account's net liquidating value is not known."
    return "The account's net liquidating value is not above zero."
