"""The audit trail in Django admin: to search, not to edit."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from desk.models import AuditEvent
from desk.services import record_event
from desk.tests.admin_pages import closed_to_others, found, refuses, superuser, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """Return a superuser's browser."""
    return superuser()


@pytest.fixture
def event() -> AuditEvent:
    """Return the second of two lines."""
    record_event(User.objects.create_user("other"), "login")
    return record_event(User.objects.create_user("trader"), "schwab_connected", accounts=2)


def test_lists_searches_and_filters(client: Client, event: AuditEvent) -> None:
    assert found(client, AuditEvent) == 2
    assert found(client, AuditEvent, q="trader") == 1
    assert found(client, AuditEvent, q="schwab") == 1
    assert found(client, AuditEvent, kind="login") == 1
    assert found(client, AuditEvent, q="nothing like it") == 0


def test_every_page_opens(client: Client, event: AuditEvent) -> None:
    pages = walk(client, AuditEvent, "trader")
    assert len(pages) > 6
    assert any("accounts" in text for text in pages.values())


def test_nobody_edits_the_trail(client: Client, event: AuditEvent) -> None:
    refuses(client, event, "add", "change", "delete")


def test_nobody_else_gets_in(event: AuditEvent) -> None:
    closed_to_others(event)


def test_an_event_without_a_person_is_shown_too(client: Client, event: AuditEvent) -> None:
    User.objects.filter(username="trader").delete()
    walk(client, AuditEvent, "login")
    assert found(client, AuditEvent) == 2
