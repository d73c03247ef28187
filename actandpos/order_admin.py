"""What stands under an order in Django admin: its legs, its fills and what happened to it, to see only."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from actandpos.models import OrderEvent, OrderFill, OrderLeg

if TYPE_CHECKING:
    InlineBase = admin.TabularInline[Any, Any]
else:
    InlineBase = admin.TabularInline


class ReadOnlyInline(InlineBase):
    """Rows come from the broker and stay as it sent them."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed by hand."""
        return False


class LegInline(ReadOnlyInline):
    """The legs as they were asked for."""

    model = OrderLeg
    ordering = ("leg_id",)


class FillInline(ReadOnlyInline):
    """The executions, oldest first."""

    model = OrderFill
    ordering = ("filled_at", "id")


class EventInline(ReadOnlyInline):
    """What was noticed between two readings, and what the broker told besides fills."""

    model = OrderEvent
    ordering = ("at", "id")
    exclude = ("key",)
    verbose_name_plural = "events"


PARTS = (LegInline, FillInline, EventInline)
