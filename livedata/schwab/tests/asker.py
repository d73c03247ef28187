"""Processes that ask for access tokens all at once: one JSON line in, one word from each of them out.

`python -m livedata.schwab.tests.asker N` starts N of them; every second one has no Redis, which must not matter.
"""

import json
import os
import sys
from typing import IO

import django

DEAD_REDIS = "unix:///nonexistent/redis.sock?db=0"


def say(word: str) -> None:
    """Write one line in one piece, so that the words of several processes do not mix."""
    os.write(1, f"{word}\n".encode())


def ask(what: dict[str, int | str | None]) -> str:
    """Return the token, or the code of the error."""
    from livedata.schwab import errors, tokens
    from livedata.schwab.models import BrokerConnection

    connection, rejected = BrokerConnection(pk=what["connection"]), what["rejected"]
    try:
        return tokens.fresh_access_token(connection, rejected=str(rejected) if rejected else None)
    except errors.SchwabError as error:
        return error.code


def start_one(number: int) -> IO[str]:
    """Fork a process that answers each line of the pipe returned. Nothing of the database is open yet."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(reading)
        return os.fdopen(writing, "w")
    os.close(writing)
    if number % 2:
        from django.conf import settings

        settings.REDIS_URL = DEAD_REDIS
    say("ready")
    with os.fdopen(reading) as lines:
        for line in lines:
            say(ask(json.loads(line)))
    os._exit(0)


def main() -> None:
    """Start them and pass every line on to each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thor.settings")
    django.setup()
    pipes: list[IO[str]] = []
    for number in range(int(sys.argv[1])):
        pipes.append(start_one(number))
    for line in sys.stdin:
        for pipe in pipes:
            pipe.write(line)
            pipe.flush()


if __name__ == "__main__":
    main()
