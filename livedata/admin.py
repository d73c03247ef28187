"""The market's days and the names of instruments in Django admin."""

from typing import TYPE_CHECKING

from django.contrib import admin

from livedata.models import Instrument, MarketDay

if TYPE_CHECKING:
    DayBase = admin.ModelAdmin[MarketDay]
    InstrumentBase = admin.ModelAdmin[Instrument]
else:
    DayBase = InstrumentBase = admin.ModelAdmin


@admin.register(MarketDay)
class MarketDayAdmin(DayBase):
    """Announced days; deleting one brings the built-in calendar back for it."""

    list_display = ("date", "is_open", "source", "fetched_at")
    list_filter = ("is_open", "source")
    date_hierarchy = "date"


@admin.register(Instrument)
class InstrumentAdmin(InstrumentBase):
    """Names by symbol; deleting one has it asked anew."""

    list_display = ("symbol", "description", "asked_at")
    search_fields = ("symbol", "description")
