"""The audit trail: who did what, when, in ids and words."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from desk.models import AuditEvent
from desk.services import record_event

pytestmark = pytest.mark.django_db


def test_signing_in_and_out_leaves_two_lines(client: Client) -> None:
    user = User.objects.create_user("trader", password="pass phrase")
    body = json.dumps({"username": "trader", "password": "pass phrase"})
    client.post("/api/auth/login/", body, content_type="application/json")
    client.post("/api/auth/logout/")
    events = AuditEvent.objects.order_by("id").values_list("kind", "user_id", "detail")
    assert list(events) == [("login", user.pk, {}), ("logout", user.pk, {})]


def test_a_failed_login_leaves_no_line_of_success(client: Client) -> None:
    body = json.dumps({"username": "trader", "password": "wrong"})
    client.post("/api/auth/login/", body, content_type="application/json")
    assert not AuditEvent.objects.filter(kind="login").exists()


def test_the_newest_line_comes_first_and_reads_well() -> None:
    user = User.objects.create_user("trader")
    record_event(user, "schwab_connected", accounts=2)
    last = record_event(None, "schwab_disconnected", reason="asked")
    assert list(AuditEvent.objects.values_list("kind", flat=True)) == [
        "schwab_disconnected",
        "schwab_connected",
    ]
    assert str(last) == f"schwab_disconnected at {last.at:%Y-%m-%d %H:%M:%S}"
    assert AuditEvent.objects.get(kind="schwab_connected").detail == {"accounts": 2}


def test_the_trail_outlives_the_person() -> None:
    user = User.objects.create_user("trader")
    record_event(user, "login")
    user.delete()
    assert AuditEvent.objects.get().user_id is None


def test_the_demo_s_person_is_made_once_and_never_changed() -> None:
    call_command("ensure_demo_user", username="demo", password="first")
    call_command("ensure_demo_user", username="demo", password="second")
    user = User.objects.get(username="demo")
    assert user.is_superuser
    assert user.check_password("first")
