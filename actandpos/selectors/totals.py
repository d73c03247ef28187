"""Adds accounts up: the known values, with the accounts left out named."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from actandpos.models import Account
from actandpos.selectors.accounts import FIGURES, is_stale, oldest
from actandpos.shown import Summary

ALL_ACCOUNTS = "All accounts"
LINK_STATES = ("connected", "expiring", "unlinked", "reauth_required", "none")
"""From best to worst; a state not listed counts as the worst."""
NO_ACCOUNTS = "There is no account yet."


def total(accounts: Sequence[Account], now: datetime) -> Summary:
    """Return the sum of the known values of several accounts as they are shown at a moment.

    A sum's `missing` entry names the accounts that have no such figure. `pl_day_percent` is Σ `pl_day` ÷
    (Σ `net_liq` − Σ `pl_day`) × 100 over the accounts that have both.
    """
    missing: dict[str, str] = {}
    sums: dict[str, Any] = {name: _sum(accounts, name, missing) for name in FIGURES}
    return Summary(
        account_id=None,
        display_name=ALL_ACCOUNTS,
        account_type=None,
        pl_day_percent=_day_percent(accounts, missing),
        pl_day_since=_since(accounts, missing),
        as_of=max((account.as_of for account in accounts if account.as_of is not None), default=None),
        checked_at=oldest([account.checked_at for account in accounts]),
        version=sum(account.version for account in accounts),
        is_stale=not accounts or any(is_stale(account, now) for account in accounts),
        link_state=_worst([account.link_state for account in accounts]),
        missing=missing,
        **sums,
    )


def _sum(accounts: Sequence[Account], name: str, missing: dict[str, str]) -> Decimal | None:
    """Return the sum of one figure, null when no account has it; say who was left out or partly so."""
    values: list[Decimal | None] = [getattr(account, name) for account in accounts]
    known = [value for value in values if value is not None]
    without = [_left_out(account, name) for account in accounts if getattr(account, name) is None]
    partly = [f"{each.display_name}: {each.missing[name]}" for each in accounts if _partial(each, name)]
    notes = ([f"Without {', '.join(without)}."] if without else []) + partly
    if notes or not accounts:
        missing[name] = " ".join(notes) or NO_ACCOUNTS
    return sum(known, Decimal(0)) if known else None


def _partial(account: Account, name: str) -> bool:
    """Return whether the account has the figure but with a reservation."""
    return getattr(account, name) is not None and name in account.missing


def _left_out(account: Account, name: str) -> str:
    """Name an account that a sum lacks, with its own reason where it has one."""
    reason = account.missing.get(name, "").rstrip(".")
    return f"{account.display_name} ({reason})" if reason else account.display_name


def _day_percent(accounts: Sequence[Account], missing: dict[str, str]) -> Decimal | None:
    """Return today's P/L in percent of what the accounts were worth before it."""
    both = [each for each in accounts if each.pl_day is not None and each.net_liq is not None]
    without = [each.display_name for each in accounts if each not in both]
    if without:
        missing["pl_day_percent"] = f"Without {', '.join(without)}."
    if not both:
        missing.setdefault("pl_day_percent", NO_ACCOUNTS)
        return None
    pl_day = sum((each.pl_day or Decimal(0) for each in both), Decimal(0))
    base = sum((each.net_liq or Decimal(0) for each in both), Decimal(0)) - pl_day
    if base <= 0:
        missing["pl_day_percent"] = "The net liquidating value before today's P/L is not above zero."
        return None
    return (pl_day / base * 100).quantize(Decimal("0.0001"), rounding=ROUND_HALF_EVEN)


def _since(accounts: Sequence[Account], missing: dict[str, str]) -> date | None:
    """Return the base line that all accounts share; null where they were read on different days."""
    days = {account.pl_day_since for account in accounts}
    if len(days) == 1:
        return days.pop()
    if days:
        missing["pl_day_since"] = "The accounts were read on different days."
    return None


def _worst(states: Sequence[str]) -> str:
    """Return the worst state of the links; `none` when there is no account."""
    ranks = {state: rank for rank, state in enumerate(LINK_STATES)}
    return max(states, key=lambda state: ranks.get(state, len(ranks)), default="none")
