"""The book in Django admin: to look things up. The figures are the broker's, so nobody edits them here."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from actandpos.models import Account, Order, Position, RejectedRow
from actandpos.order_admin import PARTS

if TYPE_CHECKING:
    AccountBase = admin.ModelAdmin[Account]
    PositionBase = admin.ModelAdmin[Position]
    OrderBase = admin.ModelAdmin[Order]
    RejectedBase = admin.ModelAdmin[RejectedRow]
else:
    AccountBase = PositionBase = OrderBase = RejectedBase = admin.ModelAdmin


class ReadOnly:
    """Mixed into an admin: everything to see, nothing to change."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows come from the broker."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """And stay as the broker sent them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Until the broker drops them."""
        return False


@admin.register(Account)
class AccountAdmin(ReadOnly, AccountBase):
    """Balances with a link to the holdings, which may be too many for one page."""

    list_display = (
        "display_name",
        "owner",
        "broker",
        "account_type",
        "link_state",
        "net_liq",
        "pl_day",
        "checked_at",
    )
    list_filter = ("broker", "account_type", "link_state")
    list_select_related = ("owner",)
    search_fields = ("display_name", "owner__username")
    exclude = ("identity", "suspect_digest")
    readonly_fields = ("holdings",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        """Count the holdings in the same query."""
        return super().get_queryset(request).annotate(position_count=Count("positions"))

    @admin.display(description="positions")
    def holdings(self, account: Account) -> str:
        """Link to the account's positions."""
        address = reverse("admin:actandpos_position_changelist")
        count = getattr(account, "position_count", 0)
        return format_html('<a href="{}?account__id__exact={}">{} positions</a>', address, account.pk, count)


@admin.register(Position)
class PositionAdmin(ReadOnly, PositionBase):
    """Holdings of every account."""

    list_display = (
        "symbol",
        "underlying",
        "asset_type",
        "account",
        "quantity",
        "mark_price",
        "market_value",
        "pl_day",
    )
    list_filter = ("asset_type", "account")
    list_select_related = ("account",)
    search_fields = ("symbol", "underlying")
    exclude = ("digest",)


@admin.register(Order)
class OrderAdmin(ReadOnly, OrderBase):
    """Orders of every account."""

    list_display = (
        "entered_at",
        "side",
        "symbol",
        "quantity",
        "filled_quantity",
        "order_type",
        "status",
        "account",
    )
    list_filter = ("status_group", "structure", "asset_type", "account")
    list_select_related = ("account",)
    search_fields = ("symbol", "broker_order_id")
    exclude = ("digest",)
    inlines = PARTS


@admin.register(RejectedRow)
class RejectedRowAdmin(ReadOnly, RejectedBase):
    """Rows of the latest answers that could not be read."""

    list_display = ("seen_at", "symbol", "reason", "account")
    list_filter = ("account",)
    list_select_related = ("account",)
    search_fields = ("symbol", "reason")
