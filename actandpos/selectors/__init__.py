"""The only readers of the book: whoever shows an account, a position or an order reads it through these."""

from actandpos.selectors.accounts import AccountNotFound, account_of, accounts_of, summary
from actandpos.selectors.orders import order_rows, orders_today
from actandpos.selectors.positions import closed_rows, position_figures, position_rows, stored_digests
from actandpos.selectors.status import account_status
from actandpos.selectors.totals import total

__all__ = [
    "AccountNotFound",
    "account_of",
    "account_status",
    "accounts_of",
    "closed_rows",
    "order_rows",
    "orders_today",
    "position_figures",
    "position_rows",
    "stored_digests",
    "summary",
    "total",
]
