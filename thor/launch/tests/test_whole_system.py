"""A whole Thor is started, hurt, and ended as a person and an operating system would."""

import json
import os
import signal
import subprocess
from functools import partial
from pathlib import Path

import pytest
import requests
from websockets.sync.client import connect
from websockets.typing import Origin

from thor.launch.trial import Desk, answers, wait_until

pytestmark = pytest.mark.system
LINES = {
    "redis": "redis-server",
    "web": "uvicorn",
    "worker": "worker",
    "beat": " beat",
    "stream": "manage.py stream",
    "simulator": "simulator",
}


def replaced(desk: Desk, word: str, old: int) -> bool:
    """Tell whether another process runs now where the old one did."""
    return desk.pid_of(word) not in (None, old)


def test_it_starts_comes_back_and_ends(desk: Desk) -> None:
    """Every line of the Procfile runs, comes back after `kill -9` within 5 s, and is gone 10 s after SIGTERM."""
    for name, word in LINES.items():
        wait_until(partial(desk.pid_of, word), 20, f"{name} runs")
    for word in ("uvicorn", "manage.py stream", "redis-server"):
        killed = desk.pid_of(word)
        assert killed
        os.kill(killed, signal.SIGKILL)
        wait_until(partial(replaced, desk, word, killed), 5, f"{word} is back")
    wait_until(lambda: answers(f"{desk.address}/healthz/live"), 15, "the web process answers again")

    assert desk.process
    desk.process.send_signal(signal.SIGTERM)
    wait_until(
        lambda: desk.process and desk.process.poll() is not None, 10, "the launcher ends after SIGTERM"
    )
    assert desk.process.returncode == 0
    assert desk.processes() == {}
    assert desk.ports_are_free()


def signed_in(desk: Desk) -> requests.Session:
    """Sign the demo user in as the page does, over https as one who trusts the desk's authority and no other."""
    session = requests.Session()
    session.trust_env = False  # a machine may name authorities and a proxy of its own
    if desk.https:
        session.verify = str(desk.authority)
    token = session.get(f"{desk.address}/api/auth/session/", timeout=10).json()["csrf_token"]
    answer = session.post(
        f"{desk.address}/api/auth/login/",
        json={"username": "demo", "password": "demo-desk"},
        headers={"X-CSRFToken": token, "Origin": desk.address},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    return session


def test_the_demo_can_be_entered_and_a_second_start_is_refused(desk: Desk) -> None:
    """The demo user signs in, secrets are in a private .env, and the checkout starts only once at a time."""
    signed_in(desk)
    assert (desk.folder / ".env").stat().st_mode & 0o777 == 0o600

    second = desk.launch()
    assert second.wait(20) == 1
    assert f"already running from this checkout: process {desk.process.pid if desk.process else ''}, " in (
        desk.log.read_text()
    )


def test_nothing_outlives_a_launcher_that_is_killed(desk: Desk) -> None:
    """After `kill -9` of the launcher its processes end, and the next start works on the same ports."""
    assert desk.process
    desk.process.kill()
    desk.process.wait()
    wait_until(lambda: not desk.processes(), 10, "the processes of a killed launcher end")
    desk.start()
    assert answers(f"{desk.address}/healthz/live")


def test_a_taken_port_is_named(copy: Path) -> None:
    """A start on a taken port says which one and exits with an error."""
    desk = Desk(copy)
    with subprocess.Popen(
        ["python3", "-m", "http.server", str(desk.port), "--bind", "127.0.0.1"], stderr=subprocess.DEVNULL
    ) as other:
        try:
            wait_until(lambda: answers(f"{desk.address}/"), 10, "the other server listens")
            assert desk.launch().wait(20) == 1
        finally:
            other.terminate()
    assert f"port {desk.port} on 127.0.0.1 is already in use" in desk.log.read_text()


def test_a_callback_over_https_makes_all_of_thor_https(copy: Path) -> None:
    """Sign-in, cookies, the callback and the live socket work for who trusts the authority; a stranger is warned."""
    desk = Desk(copy, https=True)
    try:
        desk.start()
        session = signed_in(desk)
        cookies = {cookie.name: cookie.secure for cookie in session.cookies}
        names = [f"__Host-thor{desk.port}_{name}" for name in ("csrftoken", "sessionid")]
        assert cookies == dict.fromkeys(names, True)

        start = session.get(f"{desk.address}/api/schwab/oauth/start/", timeout=10, allow_redirects=False)
        assert start.headers["location"].startswith(f"{desk.simulator}/v1/oauth/authorize?")
        landing = session.get(start.headers["location"], timeout=10)
        assert landing.status_code == 200, landing.text  # the stand-in knows this callback

        cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
        with connect(
            f"wss://127.0.0.1:{desk.port}/ws/live/",
            ssl=desk.trusting(),
            origin=Origin(desk.address),
            additional_headers={"Cookie": cookie},
            proxy=None,
        ) as socket:
            assert json.loads(socket.recv(timeout=10))["type"]

        with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
            requests.get(f"{desk.address}/healthz/live", timeout=10)
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(f"http://127.0.0.1:{desk.port}/healthz/live", timeout=10)
        said = desk.log.read_text()
        assert f"Thor is at {desk.address}/" in said
        assert f"import {desk.authority} as a certificate authority" in said
    finally:
        desk.stop()
