"""What the settings become on loopback and on a public host."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROBE = """
import json, django
from django.conf import settings as s
django.setup()
print(json.dumps({n: getattr(s, n, None) for n in (
    "DEBUG", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SCHWAB_BASE_URL")}))
"""


def _python(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the project with an environment of its own."""
    base = {
        name: os.environ[name]
        for name in ("PATH", "SECRET_KEY", "TOKEN_ENCRYPTION_KEYS")
        if name in os.environ
    }
    env = (
        base | {"DJANGO_SETTINGS_MODULE": "thor.settings", "DATABASE_URL": "sqlite:///:memory:"} | environment
    )
    return subprocess.run(
        [sys.executable, *args], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def test_loopback_is_plain_http_with_cookies_of_its_own_port() -> None:
    said = _python("-c", PROBE, PORT="8123").stdout
    assert '"SESSION_COOKIE_NAME": "thor8123_sessionid"' in said
    assert '"DEBUG": false' in said
    assert '"SECURE_SSL_REDIRECT": true' not in said


def test_https_on_loopback_has_host_cookies_of_its_own_port_and_binds_no_other_port_to_https() -> None:
    said = _python("-c", PROBE, PORT="8123", THOR_TLS="1").stdout
    for wanted in (
        '"SESSION_COOKIE_NAME": "__Host-thor8123_sessionid"',
        '"CSRF_COOKIE_NAME": "__Host-thor8123_csrftoken"',
        '"SESSION_COOKIE_SECURE": true',
        '"CSRF_COOKIE_SECURE": true',
        '"SECURE_HSTS_SECONDS": 0',
    ):
        assert wanted in said


def test_a_public_host_switches_on_https() -> None:
    said = _python("-c", PROBE, ALLOWED_HOSTS="desk.example.com").stdout
    for wanted in (
        '"SESSION_COOKIE_NAME": "__Host-sessionid"',
        '"CSRF_COOKIE_NAME": "__Host-csrftoken"',
        '"SESSION_COOKIE_SECURE": true',
        '"SECURE_SSL_REDIRECT": true',
        '"SECURE_HSTS_SECONDS": 31536000',
    ):
        assert wanted in said


def test_deployment_check_is_clean_on_a_public_host() -> None:
    done = _python(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        ALLOWED_HOSTS="desk.example.com",
        SECRET_KEY="4f" * 30 + "-only-for-this-test",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("keys", ["", "not-a-key"], ids=["none", "malformed"])
def test_an_unusable_encryption_key_is_said_at_start(keys: str) -> None:
    done = _python("manage.py", "check", TOKEN_ENCRYPTION_KEYS=keys)
    assert done.returncode != 0
    assert "TOKEN_ENCRYPTION_KEYS" in done.stderr
