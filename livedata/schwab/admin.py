"""The broker's room in Django admin: to look and search, never to see a token, a number or a hash."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from livedata.schwab.models import BrokerConnection, HistoryProgress, LinkedAccount, SyncRun

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin


class ReadOnly(Base):
    """Nothing here is made or changed by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come from Schwab."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are changed by syncs."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are pruned by the schedule."""
        return False


@admin.register(BrokerConnection)
class BrokerConnectionAdmin(ReadOnly):
    """Who is connected, until when, and what went wrong last."""

    list_display = (
        "id",
        "owner",
        "state",
        "login_ends",
        "last_success_at",
        "next_sync_at",
        "last_error_code",
    )
    list_filter = ("status", "last_error_code")
    search_fields = ("owner__username", "last_error_message")
    list_select_related = ("owner",)
    fields = (
        "owner",
        "state",
        "connected_at",
        "access_expires_at",
        "login_ends",
        "last_success_at",
        "next_sync_at",
        "failures",
        "last_error_code",
        "last_error_message",
        "last_error_action",
        "last_error_at",
    )

    @admin.display(description="state")
    def state(self, obj: BrokerConnection) -> str:
        """The state by the clock, not only as stored."""
        return obj.state(timezone.now())

    @admin.display(description="login ends", ordering="refresh_issued_at")
    def login_ends(self, obj: BrokerConnection) -> Any:
        """The end of the 7-day login."""
        return obj.login_ends_at


@admin.register(LinkedAccount)
class LinkedAccountAdmin(ReadOnly):
    """Which account comes through which connection; numbers are masked."""

    list_display = ("account", "connection", "linked", "marked_net_liq", "marks_off_by", "marks_compared_at")
    list_filter = ("linked",)
    search_fields = ("account__display_name", "connection__owner__username")
    list_select_related = ("account", "connection")
    fields = ("account", "connection", "linked", "marked_net_liq", "marks_off_by", "marks_compared_at")


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnly):
    """Every sync: why, when, how it ended, what it cost."""

    list_display = (
        "started_at",
        "connection",
        "kind",
        "trigger",
        "outcome",
        "http_calls",
        "rows_written",
        "ended_at",
        "reason",
    )
    list_filter = ("kind", "outcome", "trigger")
    search_fields = ("reason", "connection__owner__username")
    date_hierarchy = "started_at"
    list_select_related = ("connection",)


@admin.register(HistoryProgress)
class HistoryProgressAdmin(ReadOnly):
    """How far back orders and transactions were read, and what went wrong last."""

    list_display = (
        "account",
        "kind",
        "state",
        "reached_back_to",
        "read_until",
        "pages_done",
        "pages_total",
        "next_at",
        "error_code",
    )
    list_filter = ("kind", "state")
    search_fields = ("account__display_name", "account__owner__username", "error_message")
    list_select_related = ("account",)
