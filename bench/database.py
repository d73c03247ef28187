"""Databases for the benchmarks: a SQLite file and a PostgreSQL of their own, and the bare driver on either."""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from thor.launch import servers
from thor.launch.paths import ROOT
from thor.launch.postgres import postgres

NOT_SECRET = {
    "DJANGO_SETTINGS_MODULE": "thor.settings",
    "SECRET_KEY": "only-for-the-benchmark-" + "x" * 40,
    "TOKEN_ENCRYPTION_KEYS": "bm90LWEtc2VjcmV0LW9ubHktZm9yLXRoZS10ZXN0cyE=",
    "ALLOWED_HOSTS": "127.0.0.1,testserver",
    "DEBUG": "false",
    "SCHWAB_CLIENT_ID": "bench-app",
    "SCHWAB_CLIENT_SECRET": "bench-secret",
    "SCHWAB_CALLBACK_URL": "http://127.0.0.1:8000/api/schwab/oauth/callback/",
    "NO_PROXY": "*",
}


def run_on_both(names: Sequence[str]) -> None:
    """Run benchmarks on an empty SQLite file and on an empty PostgreSQL, each in a process of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="thor-bench-") as folder,
        servers.redis(Path(folder)) as redis,
        postgres() as url,
    ):
        for place in (f"sqlite:///{folder}/bench.sqlite3", url):
            env = {**os.environ, **NOT_SECRET, "REDIS_URL": redis, "DATABASE_URL": place}
            words = [sys.executable, "-m", "bench", "--here", *names]
            subprocess.run(words, cwd=ROOT, env=env, check=True)


def vendor() -> str:
    """Return the name of the database at hand as its makers write it."""
    from django.db import connection

    return connection.display_name


def tidy() -> None:
    """Do what PostgreSQL's autovacuum does in time; here thousands of rows change within seconds."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def processor_clock(*backends: int) -> Callable[[], float]:
    """Return a clock of the processor time, in seconds, of this thread and of PostgreSQL's processes that serve it.

    On a machine that is busy with something else, the wall clock would count how long each trip between the two
    processes waits for a free core. Nothing waits for a disk here: the server for the tests runs without fsync.
    """
    counters = [Path(f"/proc/{pid}/schedstat") for pid in backends]

    def now() -> float:
        return time.thread_time() + sum(int(each.read_text().split()[0]) for each in counters) / 1e9

    return now


class Driver:
    """A connection of the bare driver to the database at hand, set up as Django's own is."""

    def __init__(self) -> None:
        from django.db import connection

        connection.ensure_connection()
        self.is_postgres = connection.vendor == "postgresql"
        self.raw: Any = self._postgres(connection) if self.is_postgres else self._sqlite(connection)
        ends: tuple[Any, ...] = (connection.connection, self.raw) if self.is_postgres else ()
        self.clock = processor_clock(*(each.info.backend_pid for each in ends))

    @staticmethod
    def _sqlite(connection: Any) -> sqlite3.Connection:
        raw = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
        for pragma in connection.settings_dict["OPTIONS"]["init_command"].split(";"):
            raw.execute(pragma)
        return raw

    @staticmethod
    def _postgres(connection: Any) -> Any:
        import psycopg

        words = connection.get_connection_params()
        words = {name: value for name, value in words.items() if name in ("dbname", "user", "host", "port")}
        return psycopg.connect(**words, autocommit=True)
