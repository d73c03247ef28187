"""Processes of Thor that a test can stop, go on with and kill: one line of JSON in for each, lines of JSON out.

`python -m livedata.schwab.tests.hand` forks a process per line, so that each costs a fork and no start of Django.
At the point that it was told a process says so and stops itself for real (SIGSTOP).
"""

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

import django

Job = dict[str, Any]
PR_SET_PDEATHSIG = 1


class Mine:
    """What this process is called, and where it stops."""

    def __init__(self, job: Job) -> None:
        self.name = job["name"]
        self.stop = job["stop"]

    def say(self, **words: Any) -> None:
        """Write one line in one piece, so that the words of several processes do not mix."""
        os.write(1, (json.dumps({"name": self.name, **words}) + "\n").encode())

    def reach(self, point: str | int, what: str = "") -> None:
        """Stop here when this is the point, until somebody goes on with this process or kills it."""
        if point == self.stop:
            self.say(at=what or point)
            os.kill(os.getpid(), signal.SIGSTOP)


def stops(mine: Mine) -> None:
    """Put the points at which this process may stop into their places."""
    from django.db import connection

    from livedata.schwab import applying, client, normalizers, tokens

    def before(place: Any, name: str, point: str) -> None:
        real: Callable[..., Any] = getattr(place, name)
        times = count(1)

        def reached(*args: Any, **named: Any) -> Any:
            mine.reach(f"{point} {next(times)}")
            return real(*args, **named)

        setattr(place, name, reached)

    before(client.SchwabTraderAPI, "fetch_accounts", "ask")
    before(normalizers, "read_accounts", "fetched")
    before(applying, "apply_one", "account")
    before(applying, "_with_names", "inside")
    before(tokens, "_give_back", "refreshed")
    statements = count(1)
    line: Any = connection  # its `_commit` is named in no stub
    commit = line._commit

    def executed(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        answer = execute(sql, *rest)
        if not sql.startswith("SELECT"):  # to die after one is to die after what came before it
            mine.reach(next(statements), sql[:60])
        return answer

    def committed() -> None:
        commit()
        mine.reach(next(statements), "COMMIT")

    line.execute_wrappers.append(executed)
    line._commit = committed


def sync(*args: Any) -> str:
    """Do what a worker does with a message."""
    from livedata.schwab import tasks

    return tasks.sync_connection(*args)


def token(connection_id: int) -> str:
    """Return the access token, or the code of the error."""
    from livedata.schwab import errors, tokens
    from livedata.schwab.models import BrokerConnection

    try:
        return tokens.fresh_access_token(BrokerConnection(pk=connection_id))
    except errors.SchwabError as error:
        return error.code


def crowd(kind: str, seconds: float, connection_id: int) -> dict[str, Any]:
    """Write for so long, and return how it went."""
    from livedata.schwab.tests import crowd

    return crowd.write(kind, seconds, connection_id)


DEEDS: dict[str, Callable[..., Any]] = {"sync": sync, "token": token, "crowd": crowd}


def do(job: Job) -> None:
    """Do one job in a process of its own. Nothing of the database is open yet."""
    from django.conf import settings
    from django.db import connection, connections

    mine = Mine(job)
    mine.say(pid=os.getpid())
    for name, value in job["settings"].items():
        setattr(settings, name, value)
    try:
        if job["first"] and connection.vendor == "postgresql":
            connection.cursor().execute(job["first"])
        stops(mine)
        mine.reach("begin")
        said = DEEDS[job["do"]](*job["args"])
        connections.close_all()
        mine.say(done=said)
    except BaseException as error:
        mine.say(done=f"{type(error).__name__}: {error}")
        raise


def end_with_parent() -> None:
    """Ask Linux to kill this process when the one that forked it is gone: who is stopped never notices."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Fork a process for each line, until there are no more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thor.settings")
    django.setup()
    from django.urls import get_resolver

    assert get_resolver().url_patterns  # loaded once, before the forks
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    os.write(1, b'{"name": "", "ready": true}\n')
    for line in sys.stdin:
        if os.fork() == 0:
            end_with_parent()
            do(json.loads(line))
            os._exit(0)


if __name__ == "__main__":
    main()
