"""Remembers how the trader groups legs by hand."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from msgspec import Struct

from actandpos.models import Account, Position, StrategyChoice

LONGEST_NAME, MOST_GROUPS, MOST_LEGS = 60, 200, 40


class ChosenLeg(Struct, frozen=True, forbid_unknown_fields=True):
    """A leg by what identifies a position inside its account."""

    symbol: str
    asset_type: str


class ChosenGroup(Struct, frozen=True, forbid_unknown_fields=True):
    """Legs that the trader wants to see together."""

    legs: list[ChosenLeg]
    name: str = ""


class NotGroupable(Exception):
    """The wish cannot be met; the message says why, for the trader."""


def choose_groups(account: Account, groups: Sequence[ChosenGroup]) -> None:
    """Replace the account's groups by these; without any, everything is recognised by itself again.

    Raises:
        NotGroupable: a leg is not held or is wanted twice, or there are too many; the earlier groups stay.
    """
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        _check(account, groups)
        StrategyChoice.objects.filter(account=account).delete()
        StrategyChoice.objects.bulk_create(
            StrategyChoice(
                account=account,
                group=identity,
                name=group.name.strip(),
                symbol=leg.symbol,
                asset_type=leg.asset_type,
                chosen_at=timezone.now(),
            )
            for identity, group in ((uuid.uuid4(), group) for group in groups)
            for leg in group.legs
        )


def _check(account: Account, groups: Sequence[ChosenGroup]) -> None:
    """Raise unless every group names held legs, each once."""
    if len(groups) > MOST_GROUPS or any(len(group.legs) > MOST_LEGS for group in groups):
        raise NotGroupable(f"At most {MOST_GROUPS} groups of at most {MOST_LEGS} legs can be kept.")
    if any(not group.legs for group in groups):
        raise NotGroupable("A group needs at least one leg.")
    if any(len(group.name.strip()) > LONGEST_NAME for group in groups):
        raise NotGroupable(f"A name has at most {LONGEST_NAME} characters.")
    wanted = [(leg.symbol, leg.asset_type) for group in groups for leg in group.legs]
    twice = next((key for key in wanted if wanted.count(key) > 1), None)
    if twice:
        raise NotGroupable(f"{twice[0]} is in two groups.")
    held = set(Position.objects.filter(account=account).values_list("symbol", "asset_type"))
    missing = next((symbol for symbol, kind in wanted if (symbol, kind) not in held), None)
    if missing is not None:
        raise NotGroupable(f"{missing} is not held in this account.")
