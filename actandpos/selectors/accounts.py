"""Reads accounts, always within what one user owns."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import Http404

from actandpos.models import Account
from actandpos.shown import Summary

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

FIGURES = (
    "net_liq",
    "cash",
    "margin_balance",
    "short_balance",
    "equity",
    "stock_buying_power",
    "option_buying_power",
    "day_trading_buying_power",
    "maintenance_requirement",
    "long_market_value",
    "short_market_value",
    "pl_open",
    "pl_day",
)
"""The figures of an account that add up over accounts, in the order of the wire."""


class AccountNotFound(Http404):
    """No such account, or not this user's: the two are not told apart."""

    def __init__(self) -> None:
        super().__init__("There is no such account of yours.")


def accounts_of(user: "User | AnonymousUser") -> QuerySet[Account]:
    """Return the user's own accounts by id. Superusers see theirs too: for the others they have the admin."""
    return Account.objects.filter(owner_id=user.pk).order_by("pk")


def account_of(user: "User | AnonymousUser", account_id: int) -> Account:
    """Return one of the user's own accounts. Raises `AccountNotFound` (404)."""
    account = accounts_of(user).filter(pk=account_id).first()
    if account is None:
        raise AccountNotFound
    return account


def is_stale(account: Account, now: datetime) -> bool:
    """Return whether the next answer is overdue, or none has ever come."""
    return account.fresh_until is None or now > account.fresh_until


def oldest(times: Sequence[datetime | None]) -> datetime | None:
    """Return the oldest of several last readings; null when one never happened, or there are none."""
    known = [at for at in times if at is not None]
    return min(known, default=None) if len(known) == len(times) else None


def summary(account: Account, now: datetime) -> Summary:
    """Return one account's figures as they are shown at a moment."""
    figures: dict[str, Any] = {name: getattr(account, name) for name in FIGURES}
    return Summary(
        account_id=account.pk,
        display_name=account.display_name,
        account_type=account.account_type or None,
        pl_day_percent=account.pl_day_percent,
        pl_day_since=account.pl_day_since,
        as_of=account.as_of,
        checked_at=account.checked_at,
        version=account.version,
        is_stale=is_stale(account, now),
        link_state=account.link_state,
        missing=account.missing,
        **figures,
    )
