"""Looks a set-up over and says in words what is wrong and what to do."""

from collections.abc import Callable, Iterator

from livedata.schwab.doctor import links, processes, reach, settings_checks
from livedata.schwab.doctor.finding import Finding

CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    settings_checks.app,
    settings_checks.keys,
    settings_checks.callback,
    processes.database,
    processes.redis_server,
    processes.background,
    reach.schwab,
    links.connections,
)


def examine() -> list[Finding]:
    """Run every check; one that finds nothing wrong says so too."""
    return [finding for check in CHECKS for finding in check()]
