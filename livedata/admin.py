"""The market's days and the names of instruments in Django admin: to look up, and to forget."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from livedata.models import Instrument, MarketDay, Watchlist

if TYPE_CHECKING:
    DayBase = admin.ModelAdmin[MarketDay]
    InstrumentBase = admin.ModelAdmin[Instrument]
    WatchlistBase = admin.ModelAdmin[Watchlist]
else:
    DayBase = InstrumentBase = WatchlistBase = admin.ModelAdmin


class NotByHand:
    """Mixed into an admin: an hour typed wrong would mislead every clock of the desk."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come from a broker."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """And stay as it sent them."""
        return False


@admin.register(MarketDay)
class MarketDayAdmin(NotByHand, DayBase):
    """Announced days; deleting one brings the built-in calendar back for it."""

    list_display = ("date", "is_open", "source", "fetched_at")
    list_filter = ("is_open", "source")
    date_hierarchy = "date"


@admin.register(Instrument)
class InstrumentAdmin(NotByHand, InstrumentBase):
    """Names by symbol; deleting one has it asked anew."""

    list_display = ("symbol", "description", "asked_at")
    search_fields = ("symbol", "description")


@admin.register(Watchlist)
class WatchlistAdmin(NotByHand, WatchlistBase):
    """Who watches what."""

    list_display = ("owner", "symbols", "changed_at")
    search_fields = ("owner__username",)
    list_select_related = ("owner",)
