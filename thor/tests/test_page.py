"""The single page, its headers, and the health answers."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from thor import health
from thor.redis_urls import broker_url


@pytest.fixture
def built(tmp_path: Path, settings: Any) -> Path:
    """Put a front end where the page looks for it."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Thor</title>")
    settings.FRONTEND_DIST = tmp_path
    settings.STATIC_ROOT = tmp_path / "collected"
    return tmp_path


def test_the_collected_page_wins(client: Client, built: Path) -> None:
    (built / "collected").mkdir()
    (built / "collected" / "index.html").write_text("collected")
    assert client.get("/", HTTP_HOST="127.0.0.1:8000").content == b"collected"


@pytest.mark.usefixtures("built")
def test_the_page_forbids_what_it_does_not_need(client: Client) -> None:
    answer = client.get("/", HTTP_HOST="127.0.0.1:8000")
    assert answer.content == b"<!doctype html><title>Thor</title>"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.usefixtures("built")
def test_localhost_moves_to_the_host_of_the_callback_and_keeps_the_view(client: Client) -> None:
    answer = client.get("/?account=7", HTTP_HOST="localhost:8000")
    assert answer.status_code == 302
    assert answer["Location"] == "http://127.0.0.1:8000/?account=7"


@pytest.mark.usefixtures("built")
def test_another_port_of_localhost_stays(client: Client) -> None:
    assert client.get("/", HTTP_HOST="localhost:8001").status_code == 200


def test_a_missing_front_end_is_said(client: Client, tmp_path: Path, settings: Any) -> None:
    settings.FRONTEND_DIST = settings.STATIC_ROOT = tmp_path / "nothing"
    answer = client.get("/", HTTP_HOST="127.0.0.1:8000")
    assert answer.status_code == 503
    assert b"not built" in answer.content


def test_live_asks_nobody(client: Client) -> None:
    assert client.get("/healthz/live").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_with_everything_there(client: Client, redis_url: str) -> None:
    answer = client.get("/healthz/ready/")
    assert (answer.status_code, answer.json()["checks"]) == (200, {"database": True, "redis": True})


@pytest.mark.django_db
def test_ready_names_what_is_down(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "unix:///nonexistent/redis.sock?db=0"
    monkeypatch.setattr(health, "_database", lambda: False)
    answer = client.get("/healthz/ready/")
    assert (answer.status_code, answer.json()["checks"]) == (503, {"database": False, "redis": False})


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("redis://127.0.0.1:6379/3", "redis://127.0.0.1:6379/3"),
        ("rediss://user:word@redis.example:6380/0", "rediss://user:word@redis.example:6380/0"),
        ("unix:///run/thor/redis.sock?db=2", "redis+socket:///run/thor/redis.sock?virtual_host=2"),
        ("unix:///run/thor/redis.sock", "redis+socket:///run/thor/redis.sock?virtual_host=0"),
    ],
)
def test_the_brokers_spelling_of_the_redis_address(given: str, wanted: str) -> None:
    assert broker_url(given) == wanted
