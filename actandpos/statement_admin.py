"""Transactions, lots and what could not be read in Django admin: to look things up, never to change them."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from actandpos.admin import ReadOnly
from actandpos.models import (
    KnownHolding,
    OpenLot,
    RealizedLot,
    RejectedTransaction,
    Transaction,
    TransferItem,
)

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
    Inline = admin.TabularInline[Any, Any]
else:
    Base, Inline = admin.ModelAdmin, admin.TabularInline


class ItemInline(ReadOnly, Inline):
    """The rows inside a transaction."""

    model = TransferItem
    extra = 0
    fields = ("place", "symbol", "asset_type", "quantity", "price", "cost", "fee_type", "position_effect")
    readonly_fields = fields


@admin.register(Transaction)
class TransactionAdmin(ReadOnly, Base):
    """What moved cash or holdings, with its rows."""

    list_display = ("at", "kind", "broker_type", "status", "net_amount", "fees", "description", "account")
    list_filter = ("kind", "status", "account")
    list_select_related = ("account",)
    search_fields = ("broker_activity_id", "broker_order_id", "description", "items__symbol")
    date_hierarchy = "trade_date"
    exclude = ("digest",)
    inlines = (ItemInline,)


@admin.register(OpenLot)
class OpenLotAdmin(ReadOnly, Base):
    """What is left of each lot."""

    list_display = ("symbol", "quantity", "price", "cost", "fees", "opened_at", "account")
    list_filter = ("asset_type", "account")
    list_select_related = ("account",)
    search_fields = ("symbol", "underlying")


@admin.register(RealizedLot)
class RealizedLotAdmin(ReadOnly, Base):
    """What closing each lot brought, or why nobody knows."""

    list_display = (
        "closed_at",
        "symbol",
        "quantity",
        "proceeds",
        "cost",
        "fees",
        "pl",
        "unmatched",
        "account",
    )
    list_filter = ("asset_type", "account")
    list_select_related = ("account",)
    search_fields = ("symbol", "underlying", "unmatched")
    date_hierarchy = "day"


@admin.register(KnownHolding)
class KnownHoldingAdmin(ReadOnly, Base):
    """The holdings from which it follows what was held before the known history."""

    list_display = ("symbol", "quantity", "account")
    list_filter = ("account",)
    list_select_related = ("account",)
    search_fields = ("symbol",)


@admin.register(RejectedTransaction)
class RejectedTransactionAdmin(ReadOnly, Base):
    """Transactions that could not be read."""

    list_display = ("seen_at", "reason", "account")
    list_filter = ("account",)
    list_select_related = ("account",)
    search_fields = ("reason",)
    exclude = ("key",)
