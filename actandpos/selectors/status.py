"""Tells whether accounts may trade freely, or what asks for a look first."""

from collections.abc import Sequence

from actandpos.models import Account
from actandpos.shown import AccountStatus

RESTRICTIONS = {
    "closing_only": "only closing orders are allowed",
    "maintenance_call": "there is a maintenance call",
    "reg_t_call": "there is a Regulation T call",
    "day_trading_call": "there is a day-trading call",
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


def account_status(accounts: Sequence[Account]) -> AccountStatus:
    """Return the state of accounts: the first that holds of `review_required`, `unknown`, `ok_to_trade`."""
    reasons = [reason for account in accounts for reason in _reasons(account)]
    if reasons:
        return AccountStatus("review_required", "Review required", reasons)
    never = [account.display_name for account in accounts if account.checked_at is None]
    unread = [f"{name}: never read from the broker yet." for name in never]
    if unread or not accounts:
        return AccountStatus("unknown", "Not known yet", unread or ["There is no account yet."])
    return AccountStatus("ok_to_trade", "OK to trade", [])


def _reasons(account: Account) -> list[str]:
    """Return what asks for a review of one account, a sentence each."""
    codes = account.restrictions
    found = [RESTRICTIONS.get(code, f"the broker reports {code.replace('_', ' ')}") for code in codes]
    for name, words in BUYING_POWERS.items():
        amount = getattr(account, name)
        if amount is not None and amount < 0:
            found.append(words)
    if account.link_state in LINKS:
        found.append(LINKS[account.link_state])
    return [f"{account.display_name}: {words}." for words in found]
