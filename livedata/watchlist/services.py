"""The only writer of watchlists."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils import timezone

from livedata.models import Watchlist

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def set_watchlist(owner: "User", symbols: Sequence[str]) -> list[str]:
    """Put these symbols, in this order and each once, in the place of the person's earlier ones."""
    once = list(dict.fromkeys(symbols))
    Watchlist.objects.update_or_create(owner=owner, defaults={"symbols": once, "changed_at": timezone.now()})
    return once
