"""`make run`: everything ready, then every process of the Procfile until Ctrl-C."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

from thor.launch import dotenv, node, procfile, tls
from thor.launch.console import fail, say
from thor.launch.environment import CERTIFICATES, Plan, make_plan
from thor.launch.guard import end_leftovers
from thor.launch.paths import ROOT, VAR, private, socket_directory
from thor.launch.supervise import Supervisor

STAND_IN = """The stand-in for Schwab is running; nothing leaves this machine.
      Thor's login:                demo / demo-desk
      Schwab's login (stand-in):   demo / demo, security code 123456"""


def hold_checkout(path: Path) -> IO[str]:
    """Return the open lock of this checkout's one `make run`; ends the launcher when another one holds it."""
    lock = path.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        fail(
            f"already running from this checkout: {lock.read().strip() or 'it is just starting'}. Stop that one first."
        )
    lock.truncate(0)
    return lock


def commands(plan: Plan) -> dict[str, str]:
    """Return the Procfile's lines that this plan starts."""
    lines = procfile.parse((ROOT / "Procfile").read_text())
    return {name: command for name, command in lines.items() if name not in plan.resting}


def prepare(plan: Plan) -> None:
    """Bring database and static files up to date; ends the launcher when that fails."""
    command = [sys.executable, "-m", "thor.launch.prepare"] + (["--demo"] if plan.simulator_port else [])
    if subprocess.run(command, cwd=ROOT, env=plan.env, stdin=subprocess.DEVNULL, check=False).returncode != 0:
        fail("the database or the static files could not be prepared; the reason is above.")


def announce(plan: Plan) -> None:
    """Say where Thor is and, with the stand-in, how to get in."""
    say(f"Thor is at {plan.address}")
    if plan.tls:
        say(tls.advice(CERTIFICATES))
    if plan.simulator_port:
        say(STAND_IN)
    say("Ctrl-C ends it.")


def run() -> None:
    """Start Thor and keep it running until a signal comes."""
    os.umask(0o077)
    private(VAR)
    with hold_checkout(VAR / "run.lock") as lock:
        if left := end_leftovers():
            say(f"ended {left} process(es) that an earlier start left behind")
        if written := dotenv.ensure(ROOT / ".env"):
            say(f"wrote {' and '.join(written)} into .env; keep that file, it opens what the database holds")
        sockets = socket_directory("run")
        plan = make_plan(sockets)
        lock.write(f"process {os.getpid()}, {plan.address}")
        lock.flush()
        node.build()
        if plan.tls:
            tls.ensure(CERTIFICATES)
        prepare(plan)
        supervisor = Supervisor(commands(plan), plan, sockets)
        if plan.tls:
            supervisor.restart_when("web", lambda: tls.ensure(CERTIFICATES).renewed)
        supervisor.run(lambda: announce(plan))
        end_leftovers()  # what a process started and did not end itself
    say("stopped")
