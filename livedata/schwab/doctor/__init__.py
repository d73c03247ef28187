"""Looks a set-up over and says in words what is wrong and what to do."""

from collections.abc import Callable, Iterator

from livedata.schwab.doctor import callback, links, processes, reach, settings_checks, web
from livedata.schwab.doctor.finding import Finding

CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    settings_checks.app,
    settings_checks.base_url,
    settings_checks.keys,
    callback.callback,
    processes.database,
    processes.redis_server,
    processes.background,
    web.here,
    reach.schwab,
    links.sign_ins,
    links.connections,
)


def examine() -> list[Finding]:
    """Run every check; one that finds nothing wrong says so too."""
    return [finding for check in CHECKS for finding in check()]
