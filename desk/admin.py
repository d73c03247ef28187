"""The audit trail in Django admin: to read, not to edit."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from desk.models import AuditEvent

if TYPE_CHECKING:
    AuditEventBase = admin.ModelAdmin[AuditEvent]
else:
    AuditEventBase = admin.ModelAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(AuditEventBase):
    """Searchable, read-only."""

    list_display = ("at", "kind", "user", "detail")
    list_filter = ("kind",)
    search_fields = ("user__username", "kind")
    date_hierarchy = "at"
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes the trail by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        """Nor edits it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        """Nor takes lines out."""
        return False
