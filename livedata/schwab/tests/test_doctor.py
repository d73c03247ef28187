"""The doctor: its findings in words and for programs, with Schwab and without, and the exit code."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from livedata import alive
from livedata.schwab import doctor
from livedata.schwab.doctor import processes
from livedata.schwab.doctor.finding import Finding
from livedata.schwab.tests.people import change, connected
from livedata.schwab.tests.standin import StandIn

pytestmark = pytest.mark.django_db
REAL = "https://api.schwabapi.com"
CALLBACK = "https://127.0.0.1:8000/api/schwab/oauth/callback/"


def run(*words: str) -> tuple[int, str]:
    """Return the exit code and what was written."""
    out = StringIO()
    try:
        call_command("schwab_doctor", *words, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def found(check: Any) -> list[tuple[str, str]]:
    """Return a check's findings as (level, message)."""
    return [(each.level, each.message) for each in check()]


def only(check: Any) -> Finding:
    """Return a check's one finding."""
    (finding,) = check()
    return finding


def test_a_healthy_set_up_against_the_stand_in(
    standin: StandIn, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(connected(), next_sync_at=timezone.now())
    assert all(map(alive.mark, alive.PROCESSES))
    monkeypatch.setattr(doctor.web, "knock", lambda *_, **__: doctor.web.Heard("thor"))
    code, text = run("--json")
    report = json.loads(text)
    assert (code, report["healthy"]) == (0, True)
    checks = {each["check"]: each["level"] for each in report["findings"]}
    assert set(checks) >= {"SCHWAB_CLIENT_ID", "TOKEN_ENCRYPTION_KEYS", "database", "redis", "web", "stream"}
    assert {name for name, level in checks.items() if level != "ok"} == {"SCHWAB_BASE_URL"}
    assert [checks[name] for name in ("schwab", "clock", "app")] == ["ok"] * 3

    code, text = run()
    assert code == 0
    lines = [line for line in text.splitlines() if not line.startswith(" ")]
    assert len(lines) == len(report["findings"])
    assert {line.split(maxsplit=1)[0] for line in lines} == {"ok", "look"}
    assert "look   SCHWAB_BASE_URL" in text
    assert "→ Right for a stand-in" in text


def test_with_nothing_there_it_says_so_and_ends_with_one(settings: Settings) -> None:
    settings.PORT = 1
    code, text = run("--json")
    report = json.loads(text)
    assert (code, report["healthy"]) == (1, False)
    levels = {each["check"]: each["level"] for each in report["findings"]}
    sick = ("redis", "worker", "beat", "stream", "web", "schwab")
    assert [levels[name] for name in sick] == ["error"] * 6
    assert all(each["action"] for each in report["findings"] if each["level"] != "ok")

    code, text = run()
    assert code == 1
    assert "WRONG  schwab: The connection was refused." in text
    assert "WRONG  redis: It does not answer." in text
    assert "look   connections: Nobody has connected Schwab yet." in text


@pytest.mark.parametrize("name", ["SCHWAB_CLIENT_ID", "SCHWAB_CLIENT_SECRET"])
@pytest.mark.parametrize(
    ("value", "words"), [("", "is not set"), ('"x"', "quotes"), ("x ", "blanks"), ("a\tb", "blanks")]
)
def test_app_key_and_secret(settings: Settings, name: str, value: str, words: str) -> None:
    setattr(settings, name, value)
    (finding,) = [each for each in doctor.settings_checks.app() if each.level == "error"]
    assert finding.check == name
    assert words in finding.message


@pytest.mark.parametrize(
    ("url", "level"),
    [
        (REAL, "ok"),
        ("http://api.schwabapi.com", "error"),
        ("http://127.0.0.1:9", "warning"),
        ("api.schwabapi.com", "error"),
        (f"{REAL}/v1", "error"),
        ("https://[127", "error"),
        ("", "error"),
    ],
)
def test_whom_thor_talks_to(settings: Settings, url: str, level: str) -> None:
    settings.SCHWAB_BASE_URL = url
    assert only(doctor.settings_checks.base_url).level == level
    if level == "error" and "http:" not in url:
        assert not list(doctor.reach.schwab())  # nobody is asked at an address that is none


def test_an_empty_secret_key(settings: Settings) -> None:
    settings.SECRET_KEY = ""
    finding, *_ = doctor.settings_checks.keys()
    assert (finding.check, finding.level) == ("SECRET_KEY", "error")


def test_keys(settings: Settings) -> None:
    assert only(doctor.settings_checks.keys).message == "1 usable key; the first one seals."
    settings.TOKEN_ENCRYPTION_KEYS = settings.TOKEN_ENCRYPTION_KEYS * 2
    assert only(doctor.settings_checks.keys).message.startswith("2 usable keys")
    for keys in ([], ["short"]):
        settings.TOKEN_ENCRYPTION_KEYS = keys
        assert only(doctor.settings_checks.keys).level == "error"


CALLBACKS = {
    CALLBACK: [("ok", "with a slash at its end")],
    CALLBACK.rstrip("/"): [("ok", "without a slash")],
    CALLBACK.replace("https", "http"): [("error", "https callbacks only")],
    CALLBACK.replace("127.0.0.1", "localhost"): [("error", "does not take localhost")],
    CALLBACK.replace("8000", "8182"): [
        ("warning", "Its port is 8182, but Thor listens on 8000."),
    ],
    CALLBACK.replace(":8000", ""): [("warning", "Its port is 443")],
    "https://127.0.0.1:8000/": [("warning", "leads to /, where Thor does not answer")],
    "https://127.0.0.1:8000": [("warning", "leads to /, where Thor does not answer")],
    "https://thor.example.org/api/schwab/oauth/callback/": [("ok", "")],
    "https://Thor.Example.org/api/schwab/oauth/callback/": [("warning", "capital letters")],
    "https://other.example.com/api/schwab/oauth/callback/": [("error", "not among ALLOWED_HOSTS")],
    f"{CALLBACK},https://b.example/": [("error", "a comma"), ("warning", "leads to")],
    f'"{CALLBACK}"': [("error", "is not an address")],
    f"{CALLBACK}?next=/": [("error", "more behind its path")],
    "": [("error", "is empty")],
    "127.0.0.1:8000": [("error", "is not an address")],
    f"{CALLBACK} ": [("error", "blanks"), ("warning", "leads to")],
    "https://[127": [("error", "is not an address")],
    "https://127.0.0.1:http/": [("error", "is not an address")],
    f"https://thor.example.org/{'a' * 260}/api/schwab/oauth/callback/": [
        ("error", "longer than 255"),
        ("warning", ""),
    ],
}


@pytest.mark.parametrize(("address", "wanted"), CALLBACKS.items())
def test_the_callback_rules(settings: Settings, address: str, wanted: list[tuple[str, str]]) -> None:
    settings.SCHWAB_BASE_URL, settings.SCHWAB_CALLBACK_URL = REAL, address
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "thor.example.org"]
    said = found(doctor.callback.callback)
    assert [level for level, _ in said] == [level for level, _ in wanted]
    for (_, message), (_, words) in zip(said, wanted, strict=True):
        assert words in message


def test_plain_http_is_right_for_a_stand_in(settings: Settings) -> None:
    settings.SCHWAB_CALLBACK_URL = CALLBACK.replace("https", "http")
    assert [level for level, _ in found(doctor.callback.callback)] == ["ok"]


def test_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    assert only(processes.database).level == "ok"
    monkeypatch.setattr(processes.MigrationExecutor, "migration_plan", lambda self, targets: [1, 2])
    finding = only(processes.database)
    assert (finding.level, finding.message) == ("error", "2 migrations are not applied.")

    def down(connection: object) -> None:
        raise OperationalError("could not connect to secret-host")

    monkeypatch.setattr(processes, "MigrationExecutor", down)
    assert only(processes.database).message == "It does not answer (OperationalError)."


def test_each_background_process_is_told_apart(redis_url: str) -> None:
    assert [each.level for each in processes.background()] == ["error"] * 3
    alive.mark("worker")
    worker, beat, stream = processes.background()
    assert (worker.level, beat.level, stream.level) == ("ok", "error", "error")
    assert "celery -A thor beat" in beat.action
    assert "manage.py stream" in stream.action
    alive.mark("stream")
    assert [each.level for each in processes.background()] == ["ok", "error", "ok"]


def test_an_address_of_redis_that_is_none(settings: Settings) -> None:
    settings.REDIS_URL = "nonsense"
    assert only(processes.redis_server).message == "REDIS_URL is not an address."
    assert [each.level for each in processes.background()] == ["error"] * 3
