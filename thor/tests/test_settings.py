"""What the settings become on loopback and on a public host."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from thor.env import UnreadableSetting

ROOT = Path(__file__).resolve().parents[2]


def _base() -> dict[str, str]:
    """Return an environment in which nothing is said but what must be."""
    names = ("PATH", "SECRET_KEY", "TOKEN_ENCRYPTION_KEYS")
    known = {name: os.environ[name] for name in names if name in os.environ}
    return known | {
        "DJANGO_SETTINGS_MODULE": "thor.settings",
        "DATABASE_URL": "sqlite:///:memory:",
        "DEBUG": "no",
    }


def _settings(**environment: str) -> dict[str, Any]:
    """Return what the settings become in an environment, whatever a developer's `.env` says."""
    env = mock.patch.dict(os.environ, _base() | environment, clear=True)
    with env, mock.patch("environ.Env.read_env"):
        return runpy.run_path(str(ROOT / "thor" / "settings.py"))


def _manage(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a management command with an environment of its own."""
    command = [sys.executable, "manage.py", *args]
    env = _base() | environment
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_loopback_is_plain_http_with_cookies_of_its_own_port() -> None:
    said = _settings(PORT="8123")
    assert said["SESSION_COOKIE_NAME"] == "thor8123_sessionid"
    assert said["DEBUG"] is said["SESSION_COOKIE_SECURE"] is False
    assert not {"SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER"} & set(said)


def test_https_on_loopback_has_host_cookies_of_its_own_port_and_binds_no_other_port_to_https() -> None:
    said = _settings(PORT="8123", THOR_TLS="1")
    assert said["SESSION_COOKIE_NAME"] == "__Host-thor8123_sessionid"
    assert said["CSRF_COOKIE_NAME"] == "__Host-thor8123_csrftoken"
    assert said["SESSION_COOKIE_SECURE"] is said["CSRF_COOKIE_SECURE"] is True
    assert not {"SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"} & set(said)


def test_a_public_host_switches_on_https() -> None:
    said = _settings(ALLOWED_HOSTS="desk.example.com")
    assert (said["SESSION_COOKIE_NAME"], said["CSRF_COOKIE_NAME"]) == (
        "__Host-sessionid",
        "__Host-csrftoken",
    )
    assert said["SESSION_COOKIE_SECURE"] is said["SECURE_SSL_REDIRECT"] is True
    assert said["SECURE_HSTS_SECONDS"] == 31536000


@pytest.mark.parametrize("hosts", ["127.0.0.1,desk.example.com", "*", ".example.com"])
def test_one_host_that_is_not_loopback_is_enough(hosts: str) -> None:
    assert _settings(ALLOWED_HOSTS=hosts)["SESSION_COOKIE_SECURE"] is True


def test_deployment_check_is_clean_on_a_public_host() -> None:
    done = _manage(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        ALLOWED_HOSTS="desk.example.com",
        SECRET_KEY="4f" * 30 + "-only-for-this-test",
    )
    assert done.returncode == 0, done.stderr


UNREADABLE = [
    ("PORT", "abc", "not a whole number"),
    ("THOR_HTTP_DEADLINE", "soon", "not a number"),
    ("THOR_TLS", "perhaps", "not a yes or a no"),
    ("DATABASE_URL", "mysql://name:hidden@host/desk", "PostgreSQL or SQLite"),
    ("DATABASE_URL", "hidden", "PostgreSQL or SQLite"),
]


@pytest.mark.parametrize(("name", "said", "words"), UNREADABLE)
def test_a_setting_that_cannot_be_read_is_named_and_not_shown(name: str, said: str, words: str) -> None:
    with pytest.raises(UnreadableSetting) as met:
        _settings(**{name: said})
    assert met.value.name == name
    assert words in met.value.message
    assert said not in str(met.value)


def test_a_missing_secret_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(UnreadableSetting, match="SECRET_KEY: It is not set"):
        _settings()


@pytest.mark.parametrize(("word", "meant"), [("yes", True), ("0", False), ("False", False), ("", False)])
def test_a_yes_and_a_no(word: str, *, meant: bool) -> None:
    assert _settings(THOR_TLS=word)["TLS"] is meant


def test_the_doctor_speaks_of_a_setting_with_which_nothing_starts() -> None:
    done = _manage("schwab_doctor", "--json", PORT="abc")
    (finding,) = json.loads(done.stdout)["findings"]
    assert (done.returncode, finding["check"], finding["level"]) == (1, "PORT", "error")
    done = _manage("schwab_doctor", PORT="abc")
    assert done.stderr.startswith("WRONG  PORT: It is not a whole number.\n")
    assert "Traceback" not in done.stderr
