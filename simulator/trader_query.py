"""Reads and checks the query parameters of the order and transaction lists."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from simulator.wire.errors import service_error
from simulator.wire.times import parse_query_time

DAY = 86400.0
ORDER_SPAN = 366 * DAY
RECENT_ORDERS = 60 * DAY
MOST_ROWS = 3000

STATUSES = frozenset(
    {
        "AWAITING_PARENT_ORDER",
        "AWAITING_CONDITION",
        "AWAITING_STOP_CONDITION",
        "AWAITING_MANUAL_REVIEW",
        "AWAITING_UR_OUT",
        "AWAITING_RELEASE_TIME",
        "PENDING_ACTIVATION",
        "PENDING_CANCEL",
        "PENDING_REPLACE",
        "PENDING_ACKNOWLEDGEMENT",
        "PENDING_RECALL",
        "ACCEPTED",
        "QUEUED",
        "WORKING",
        "NEW",
        "REJECTED",
        "CANCELED",
        "REPLACED",
        "FILLED",
        "EXPIRED",
        "UNKNOWN",
    }
)
TYPES = frozenset(
    {
        "TRADE",
        "RECEIVE_AND_DELIVER",
        "DIVIDEND_OR_INTEREST",
        "ACH_RECEIPT",
        "ACH_DISBURSEMENT",
        "CASH_RECEIPT",
        "CASH_DISBURSEMENT",
        "ELECTRONIC_FUND",
        "WIRE_OUT",
        "WIRE_IN",
        "JOURNAL",
        "MEMORANDUM",
        "MARGIN_CALL",
        "MONEY_MARKET",
        "SMA_ADJUSTMENT",
    }
)


@dataclass(frozen=True)
class OrderQuery:
    """Checked parameters of an order list; times are epoch seconds."""

    start: float
    end: float
    limit: int
    status: str | None


@dataclass(frozen=True)
class TransactionQuery:
    """Checked parameters of a transaction list; times are epoch seconds."""

    start: float
    end: float
    types: frozenset[str]
    symbol: str | None
    limit: int = MOST_ROWS


def _bad(message: str, *details: str) -> Response:
    return service_error(400, message, *details)


def _window(params: Mapping[str, str], first: str, last: str, span: float) -> tuple[float, float] | Response:
    moments: list[float] = []
    for name in (first, last):
        if not params.get(name):
            return _bad(f"Required request parameter '{name}' is not present.", f"{name}: must not be null")
        moment = parse_query_time(params[name])
        if moment is None:
            return _bad(f"Invalid value for '{name}'.", f"{name}: format is yyyy-MM-dd'T'HH:mm:ss.SSSZ")
        moments.append(moment)
    start, end = moments
    if start > end:
        return _bad(f"'{first}' must not be after '{last}'.")
    if end - start > span:
        return _bad("Date range must not exceed one year.")
    return start, end


def order_query(
    params: Mapping[str, str], now: float, span: float, reach: float | None
) -> OrderQuery | Response:
    """The order list's parameters, or the 400 that they deserve; `reach` limits how long ago the start may lie."""
    window = _window(params, "fromEnteredTime", "toEnteredTime", span)
    if isinstance(window, Response):
        return window
    if reach is not None and window[0] < now - reach - DAY:
        return _bad("'fromEnteredTime' must be within the last 60 days.")
    limit = params.get("maxResults", str(MOST_ROWS))
    if not limit.isdecimal() or not 1 <= int(limit) <= MOST_ROWS:
        return _bad("Invalid value for 'maxResults'.", "maxResults: must be a number from 1 to 3000")
    status = params.get("status")
    if status is not None and status not in STATUSES:
        return _bad("Invalid value for 'status'.", "status: unknown value")
    return OrderQuery(*window, int(limit), status)


def transaction_query(params: Mapping[str, str]) -> TransactionQuery | Response:
    """The transaction list's parameters, or the 400 that they deserve."""
    window = _window(params, "startDate", "endDate", ORDER_SPAN)
    if isinstance(window, Response):
        return window
    types = frozenset(params.get("types", "").split(",")) - {""}
    if not types:
        return _bad("Required request parameter 'types' is not present.", "types: must not be null")
    if not types <= TYPES:
        return _bad("Invalid value for 'types'.", "types: unknown value")
    return TransactionQuery(*window, types, params.get("symbol") or None)
