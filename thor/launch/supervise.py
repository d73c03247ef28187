"""Keeps every process of the Procfile running under circus, and ends all of them on a signal."""

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from circus.arbiter import Arbiter
from circus.exc import ConflictError
from circus.watcher import Watcher
from tornado.ioloop import IOLoop, PeriodicCallback

from thor.launch.console import say
from thor.launch.environment import Plan
from thor.launch.output import Prefixed
from thor.launch.paths import ROOT
from thor.launch.ports import is_free

GRACE = 5.0  # seconds from SIGTERM to SIGKILL
CHILD = Path(__file__).with_name("child.py")
DAY = 24 * 3600.0
STORE = "redis"  # the others need it until they have ended


class Supervisor:
    """Runs commands by name until a signal comes; whatever dies is started again within about a second."""

    def __init__(self, commands: dict[str, str], plan: Plan, sockets: Path) -> None:
        self.plan = plan
        self.stopping = False
        self.upkeep: list[PeriodicCallback] = []
        width = max(map(len, commands))
        self.watchers = [self._watcher(name, command, width) for name, command in commands.items()]
        # Control and event sockets lie in the private directory: another checkout's are somewhere else.
        self.arbiter = Arbiter(
            self.watchers,
            endpoint=f"ipc://{sockets}/control",
            pubsub_endpoint=f"ipc://{sockets}/events",
            check_delay=0.5,
            proc_name="thor",
        )

    def _watcher(self, name: str, command: str, width: int) -> Watcher:
        """Return the circus watcher of one command."""
        env = dict(self.plan.env, THOR_CHILD_OF=str(os.getpid()), THOR_CHILD_COMMAND=command)
        if name != STORE and "REDIS_SOCKET" in env:
            env["THOR_CHILD_AWAITS"] = env["REDIS_SOCKET"]
        stream = {"stream": Prefixed(name, width)}
        return Watcher(
            name,
            shlex.quote(sys.executable),
            args=["-I", "-S", str(CHILD)],
            env=env,
            working_dir=str(ROOT),
            max_retry=-1,
            graceful_timeout=GRACE,
            stop_children=True,
            stdout_stream=stream,
            stderr_stream=stream,
            hooks={"after_reap": (self._ended, True)},
        )

    def _ended(self, watcher: Watcher, exit_code: int, process_pid: int, **_: Any) -> bool:
        """Say that a process ended by itself; circus starts it again at its next look."""
        self._forget_pipes(watcher, process_pid)
        if not self.stopping:
            words = "; its words are in var/redis.log" if watcher.name == STORE else ""
            say(f"{watcher.name} ended ({exit_code}){words}; starting it again")
        return True

    @staticmethod
    def _forget_pipes(watcher: Watcher, pid: int) -> None:
        """Let the loop forget the closed pipes of a process that ended.

        circus closes them but leaves them with the loop. When two processes end at once, each one's successor gets
        the other's file number, which the loop then refuses: the successor is not started, now or ever.
        """
        redirector = watcher.stream_redirector
        for fd, (_, process, _pipe) in list(redirector.pipes.items()) if redirector else ():
            if process.pid == pid:
                redirector.remove_fd(fd)

    def restart_when(self, name: str, due: Callable[[], bool], seconds: float = DAY) -> None:
        """Ask every so often, and restart the process of that name each time the answer is yes."""
        watcher = next(watcher for watcher in self.watchers if watcher.name == name)

        async def look() -> None:
            if not self.stopping and due():
                say(f"restarting {name}")
                await self._insist(watcher.restart)

        self.upkeep.append(PeriodicCallback(look, seconds * 1000))

    def run(self, when_up: Callable[[], None]) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP; calls `when_up` once the web process listens."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                signal.signal(number, self._on_signal)
        self.arbiter.loop.add_callback(self._announce, when_up)
        for callback in self.upkeep:
            self.arbiter.loop.add_callback(callback.start)
        self.arbiter.start()

    async def _announce(self, when_up: Callable[[], None]) -> None:
        """Wait for the web process and say so."""
        while not self.stopping:
            if not is_free(self.plan.host, self.plan.port):
                when_up()
                return
            await asyncio.sleep(0.2)

    def _on_signal(self, number: int, _: object) -> None:
        """Begin to stop, once, however often the signal comes."""
        if not self.stopping:
            self.stopping = True
            loop: IOLoop = self.arbiter.loop
            loop.add_callback_from_signal(self._stop)

    async def _stop(self) -> None:
        """Stop the workers first and the store that they write to last."""
        say("stopping")
        self.arbiter.ctrl.caller.stop()  # its periodic look would complain that a stop is under way
        others = [watcher for watcher in self.watchers if watcher.name != STORE]
        await self._insist(lambda: self.arbiter.stop_watchers(lambda reverse=False: others))
        await self._insist(self.arbiter.stop)

    @staticmethod
    async def _insist(command: Callable[[], Any]) -> None:
        """Run a circus command; it refuses while its own periodic look is under way, so ask again."""
        while True:
            try:
                await command()
                return
            except ConflictError:
                await asyncio.sleep(0.02)
