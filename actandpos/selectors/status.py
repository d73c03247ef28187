"""Tells whether accounts may trade freely, or what asks for a look first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from actandpos.eastern import EASTERN
from actandpos.models import Account
from actandpos.shown import AccountStatus

RESTRICTIONS = {
    "closing_only": "only closing orders are allowed",
    "maintenance_call": "there is a maintenance call",
    "reg_t_call": "there is a Regulation T call",
    "day_trading_call": "there is a day-trading call",
    "day_trading_equity_call": "there is a day-trading equity call",
    "cash_call": "there is a cash call",
    "cash_debit_call": "there is a cash debit call",
    "in_call": "the account is in call",
}
BUYING_POWERS = {
    "stock_buying_power": "stock buying power is negative",
    "option_buying_power": "option buying power is negative",
    "day_trading_buying_power": "day-trade buying power is negative",
}
LINKS = {
    "reauth_required": "the sign-in at the broker has ended, so nothing newer can be read",
    "unlinked": "the broker no longer lists the account",
}
ENDS_SOON = timedelta(hours=12)
"""So long before its end a sign-in that was not renewed asks for a look."""


def account_status(accounts: Sequence[Account], now: datetime) -> AccountStatus:
    """Return the state of accounts: the first that holds of `review_required`, `unknown`, `ok_to_trade`."""
    reasons = [reason for account in accounts for reason in _reasons(account, now)]
    if reasons:
        return AccountStatus("review_required", "Review required", reasons)
    never = [account.display_name for account in accounts if account.checked_at is None]
    unread = [f"{name}: never read from the broker yet." for name in never]
    if unread or not accounts:
        return AccountStatus("unknown", "Not known yet", unread or ["There is no account yet."])
    return AccountStatus("ok_to_trade", "OK to trade", [])


def _reasons(account: Account, now: datetime) -> list[str]:
    """Return what asks for a review of one account, a sentence each."""
    found = [_restriction(code) for code in account.restrictions]
    for name, words in BUYING_POWERS.items():
        amount = getattr(account, name)
        if amount is not None and amount < 0:
            found.append(f"{words} ({_dollars(amount)})")
    if account.link_state in LINKS:
        found.append(LINKS[account.link_state])
    elif _ends_soon(account, now):
        found.append(_ending(account, now))
    return [f"{account.display_name}: {words}." for words in found]


def _restriction(code: str) -> str:
    """Return the words for `code` or `code:amount`."""
    name, _, amount = code.partition(":")
    words = RESTRICTIONS.get(name, f"the broker reports {name.replace('_', ' ')}")
    try:
        return f"{words} of {_dollars(abs(Decimal(amount)))}" if amount else words
    except InvalidOperation:
        return words


def _dollars(amount: Decimal) -> str:
    return f"{'−' if amount < 0 else ''}${abs(amount):,.2f}"


def _ends_soon(account: Account, now: datetime) -> bool:
    """Tell whether the sign-in ends within hours; it is known of accounts that are linked."""
    ends = account.link_ends_at
    return account.link_state in ("connected", "expiring") and ends is not None and ends - now <= ENDS_SOON


def _ending(account: Account, now: datetime) -> str:
    """Say when the sign-in ends, or that it has."""
    ends = account.link_ends_at
    if ends is None or ends <= now:
        return LINKS["reauth_required"]
    at = ends.astimezone(EASTERN)
    return f"the sign-in at the broker ends on {at:%A, %B} {at.day} at {at:%H:%M} Eastern"
