"""Writes what an account is called and how it is linked; its figures are written by `snapshot`."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from actandpos.models import Account

if TYPE_CHECKING:
    from django.contrib.auth.models import User

UNLINKED = "unlinked"


def ensure_account(
    *, owner: "User", broker: str, identity: str, display_name: str, account_type: str
) -> Account:
    """Return the owner's account with this identity, made when new, its display name brought up to date.

    `identity` is the broker room's keyed hash of the account number; `account_type` (`MARGIN`, `CASH`) is
    taken for a new account only, since later snapshots carry it.
    """
    account, created = Account.objects.get_or_create(
        owner=owner,
        broker=broker,
        identity=identity,
        defaults={"display_name": display_name, "account_type": account_type},
    )
    if not created and account.display_name != display_name:
        account.display_name = display_name
        account.save(update_fields=["display_name"])
    return account


def set_link_state(accounts: Iterable[Account | int], link_state: str) -> int:
    """Write the state of the link (`connected`, `expiring`, `reauth_required`, `unlinked`, `none`).

    Takes a queryset, accounts or ids; returns how many accounts changed. Figures and versions stay.
    """
    ids = [each.pk if isinstance(each, Account) else each for each in accounts]
    return Account.objects.filter(pk__in=ids).exclude(link_state=link_state).update(link_state=link_state)


def set_link_end(accounts: Iterable[Account | int], ends_at: datetime | None) -> int:
    """Write when the sign-in at the broker ends by itself; returns how many accounts changed."""
    ids = [each.pk if isinstance(each, Account) else each for each in accounts]
    return Account.objects.filter(pk__in=ids).exclude(link_ends_at=ends_at).update(link_ends_at=ends_at)


def mark_unlinked(accounts: Iterable[Account | int]) -> int:
    """Mark accounts that the broker no longer lists. They stay in the book with their last figures."""
    return set_link_state(accounts, UNLINKED)
