"""What every Python test stands on: settings of its own, loopback only, a real Redis where it asks for one."""

import ipaddress
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from pytest_socket import socket_allow_hosts

STATIC = Path(__file__).resolve().parent / "var" / "static"
LOOPBACK = ["127.0.0.1", "::1"]
LOCAL_NAMES = {None, "", "localhost", b"localhost"}

# A developer's .env must never reach a test: what is said here wins over the file. No address is a real one.
TEST_SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "thor.settings",
    "SECRET_KEY": "only-for-tests-" + "x" * 40,
    "TOKEN_ENCRYPTION_KEYS": "bm90LWEtc2VjcmV0LW9ubHktZm9yLXRoZS10ZXN0cyE=",
    "DEBUG": "false",
    "PORT": "8000",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
    "SCHWAB_BASE_URL": "http://127.0.0.1:1",
    "SCHWAB_CLIENT_ID": "test-app",
    "SCHWAB_CLIENT_SECRET": "test-secret",
    "SCHWAB_CALLBACK_URL": "http://127.0.0.1:8000/api/schwab/oauth/callback/",
}
_resolve = socket.getaddrinfo


def _resolve_locally(host: Any, *args: Any, **kwargs: Any) -> Any:
    """Look up names of this machine only: a question to a name server would leave it; a bare number asks none."""
    if host not in LOCAL_NAMES:
        try:
            ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
        except ValueError:
            raise RuntimeError(f"a test tried to look up {host!r}") from None
    return _resolve(host, *args, **kwargs)


def _stay_on_loopback() -> None:
    """Let Python's sockets reach this machine alone."""
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)
    socket.getaddrinfo = _resolve_locally


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give the settings their test values and load them before pytest-django looks for them."""
    os.environ.update(TEST_SETTINGS)
    os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
    # Only a test that asks for `redis_url` has a Redis, an empty one: what others left there must not reach any test.
    os.environ["REDIS_URL"] = "unix:///nonexistent/redis.sock?db=0"
    # ServeStatic warns when its directory is not there.
    (Path(__file__).resolve().parent / "var" / "static").mkdir(parents=True, exist_ok=True)
    _stay_on_loopback()
    if config.pluginmanager.hasplugin("django"):
        from django.conf import settings

        _ = settings.DATABASES


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what meets a database; the rest would only say again what it says on SQLite."""
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        return
    meets = [item for item in items if _meets_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(meets)])
    items[:] = meets


def _meets_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    asks = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    return bool(asks or item.get_closest_marker("django_db"))


@pytest.fixture(autouse=True, scope="session")
def _empty_tables_again() -> Iterator[None]:
    """Empty the tables once more when a process that a test has just ended still held a lock on one of them."""
    from django.core.management.base import CommandError
    from django.test import TransactionTestCase

    case: Any = TransactionTestCase
    empty = case._fixture_teardown

    def patient(self: TransactionTestCase) -> None:
        for pause in (0.2, 1.0, 3.0):
            try:
                return empty(self)
            except CommandError:
                time.sleep(pause)
        return empty(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case, "_fixture_teardown", patient)
        yield


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name raw bytes by their length: gzip's hold the time, and all workers must call a test by one name."""
    return f"{len(val)} bytes" if isinstance(val, bytes) and not val.isascii() else None


def pytest_runtest_setup() -> None:
    """Close the doors anew before each test: pytest-socket opens them after each one."""
    _stay_on_loopback()


@pytest.fixture(scope="session", autouse=True)
def static_files_once() -> Iterator[None]:
    """Look through the static files once a process: each new test client builds the middleware that does it anew."""
    from servestatic.middleware import ServeStaticMiddleware

    look, found = ServeStaticMiddleware.add_files_from_finders, dict[str, Any]()

    def once(self: ServeStaticMiddleware) -> None:
        if not found:
            look(self)
            found.update(files=self.files, directories=self.directories)
        self.files, self.directories = found["files"], found["directories"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ServeStaticMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Test on a SQLite file as in production (WAL, one writer at a time); one in memory locks differently.

    Each of several workers has a database of its own: in its own folder, or, on a server, under its own name.
    """
    from django.conf import settings

    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        default.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("db") / "test.sqlite3")


@pytest.fixture(scope="session")
def redis_server_url() -> Iterator[str]:
    """Return the address of a real Redis: the one that `make test` started, else one of this session.

    Each of several workers starts its own: they empty it, and what is published reaches every database of a server.
    """
    given = os.environ.get("THOR_TEST_REDIS_URL")
    if given and "PYTEST_XDIST_WORKER" not in os.environ:
        yield given
        return
    from thor.launch import servers

    # Not pytest's own folder: its path is too long for a socket's address.
    with tempfile.TemporaryDirectory(prefix="thor-redis-") as folder, servers.redis(Path(folder)) as url:
        yield url


@pytest.fixture
def redis_url(redis_server_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of an empty real Redis, in Django's settings too; emptied again afterwards."""
    client = redis.Redis.from_url(redis_server_url)
    client.flushall()
    if request.config.pluginmanager.hasplugin("django"):
        settings = request.getfixturevalue("settings")
        settings.REDIS_URL = redis_server_url
    yield redis_server_url
    client.flushall()
    client.close()
