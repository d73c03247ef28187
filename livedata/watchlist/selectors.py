"""The only reader of watchlists."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from livedata.models import Watchlist

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def watched_by(owner: "User") -> list[str]:
    """Return a person's symbols in order."""
    row = Watchlist.objects.filter(owner=owner).first()
    return list(row.symbols) if row else []


def watched_by_all(owner_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the symbols of several people by the id of each."""
    rows = Watchlist.objects.filter(owner_id__in=owner_ids)
    return {row.owner_id: list(row.symbols) for row in rows}
