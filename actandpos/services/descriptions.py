"""Writes the names of instruments that come apart from the positions."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from actandpos.models import Account, Position
from actandpos.services.columns import DESCRIPTION_LENGTH, DESCRIPTIONS, moment
from actandpos.services.upsert import update


def set_descriptions(account_id: int | None, descriptions: Mapping[str, str]) -> list[int]:
    """Give positions with these symbols their description, in one account or (`None`) in all.

    Writes only where it differs; empty descriptions are ignored. Returns the ids of the accounts that
    changed: their version went up by one.
    """
    wanted = {symbol: text[:DESCRIPTION_LENGTH] for symbol, text in descriptions.items() if text}
    if not wanted:
        return []
    with transaction.atomic():
        rows = Position.objects.filter(symbol__in=wanted)
        if account_id is not None:
            rows = rows.filter(account_id=account_id)
        account_ids = sorted(set(rows.order_by().values_list("account_id", flat=True)))
        # Accounts are locked in the order of their ids, before their rows, as every writer does.
        locked = Account.objects.select_for_update(no_key=True).filter(pk__in=account_ids).order_by("pk")
        still_there = [account.pk for account in locked]
        return _write(still_there, wanted)


def _write(account_ids: list[int], wanted: Mapping[str, str]) -> list[int]:
    """Write what differs in accounts that are locked."""
    rows = Position.objects.filter(account_id__in=account_ids, symbol__in=wanted).order_by()
    stored = rows.values_list("id", "account_id", "symbol", "description")
    differing = [(id, owner, wanted[symbol]) for id, owner, symbol, text in stored if text != wanted[symbol]]
    if not differing:
        return []
    now = timezone.now()
    texts = [text for _, _, text in differing]
    update(DESCRIPTIONS, [texts, [moment(now)] * len(texts)], [id for id, _, _ in differing])
    changed = sorted({account for _, account, _ in differing})
    Account.objects.filter(pk__in=changed).update(version=F("version") + 1, as_of=now)
    return changed
