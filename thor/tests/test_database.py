"""How the database is spoken to, by its kind."""

import os
import runpy
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

SETTINGS = Path(__file__).resolve().parents[1] / "settings.py"


def database(url: str) -> dict[str, Any]:
    """Return what the settings make of an address."""
    with mock.patch.dict(os.environ, {"DATABASE_URL": url}), mock.patch("environ.Env.read_env"):
        default: dict[str, Any] = runpy.run_path(str(SETTINGS))["DATABASES"]["default"]
    return default


@pytest.mark.parametrize("asked", ["", "?conn_max_age=600"])
def test_postgresql_keeps_connections_in_a_pool_and_none_in_a_thread(asked: str) -> None:
    said = database(f"postgres://thor@db.example.com/thor{asked}")
    assert 0 < said["OPTIONS"]["pool"]["min_size"] < said["OPTIONS"]["pool"]["max_size"] < 100
    # Django refuses both at once; a connection that outlived its server is found before it is used.
    assert (said["CONN_MAX_AGE"], said["CONN_HEALTH_CHECKS"]) == (0, True)


def test_sqlite_has_no_pool() -> None:
    assert "pool" not in database("sqlite:///:memory:")["OPTIONS"]
