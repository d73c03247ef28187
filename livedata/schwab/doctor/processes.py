"""The processes around: database, Redis, worker, beat, stream."""

from collections.abc import Iterator

import redis
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from livedata import alive
from livedata.bus import live_data_redis
from livedata.schwab.doctor.finding import Finding, bad, good

STARTS = {
    "worker": "celery -A thor worker --pool threads",
    "beat": "exactly one `celery -A thor beat`",
    "stream": "python manage.py stream",
}


def database() -> Iterator[Finding]:
    """The database answers and has every migration."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield bad(
            "database",
            f"It does not answer ({type(error).__name__}).",
            "Look at DATABASE_URL and the server.",
        )
        return
    if missing:
        yield bad("database", f"{len(missing)} migrations are not applied.", "Run: python manage.py migrate")
    else:
        yield good("database", f"{connection.vendor} answers; every migration is applied.")


def redis_server() -> Iterator[Finding]:
    """Redis answers."""
    try:
        answers = live_data_redis.ping()
    except ValueError:
        yield bad(
            "redis", "REDIS_URL is not an address.", "Write redis://, rediss:// or unix://, then where."
        )
        return
    if answers:
        yield good("redis", "It answers.")
    else:
        yield bad(
            "redis", "It does not answer.", "Look at REDIS_URL and the server; syncs are saved meanwhile."
        )


def background() -> Iterator[Finding]:
    """Worker, beat and stream have shown themselves lately."""
    for process in alive.PROCESSES:
        action = f"`make run` starts it; under your own supervisor: {STARTS[process]}"
        try:
            seen = alive.last_sign(process)
        except (redis.RedisError, ValueError):
            yield bad(process, "Nobody can tell while Redis is down.", "Mend Redis first.")
            continue
        if seen is None:
            yield bad(process, f"No sign of it for {alive.KEPT_SECONDS} seconds.", action)
        else:
            yield good(process, f"Seen at {seen:%H:%M:%S} UTC.")
