"""The only writers of the person's room."""

from typing import TYPE_CHECKING

from desk.models import AuditEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def record_event(user: "User | None", kind: str, **detail: str | int) -> AuditEvent:
    """Write one line of the audit trail. Ids and words only."""
    return AuditEvent.objects.create(user=user, kind=kind, detail=detail)
