"""Runs the stand-in Schwab as a real process and walks its sign-in pages as a browser would."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings


class StandIn:
    """One running stand-in."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._browser = requests.Session()
        self._browser.trust_env = False

    def control(self, path: str, **given: Any) -> dict[str, Any]:
        """Switch something; see the stand-in's control endpoints."""
        answer = self._browser.post(f"{self.url}/_control/{path}", json=given, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def reset(self) -> None:
        """Forget everything, logins too."""
        self.control("reset", logins=True)
        self.control("calls/reset")

    def calls(self, route: str) -> int:
        """Return how often a route was asked, as `POST /v1/oauth/token`."""
        answer = self._browser.get(f"{self.url}/_control/calls", timeout=10)
        return int(answer.json()["routes"].get(route, 0))

    def sign_in(self, authorize_url: str, login: str = "demo") -> str:
        """Walk the pages from Thor's redirect on; return the path and query that come back to Thor."""
        page = self._browser.get(authorize_url, timeout=10).text
        flow = self._flow(page)
        self._post("sign-in", flow=flow, login=login, password=login, choice="go")
        page = self._post("second-factor", flow=flow, code="123456", choice="go").text
        ticked = re.findall(r'name="account" value="([^"]+)"', page)
        answer = self._post("consent", flow=flow, account=ticked, choice="go")
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"

    def decline(self, authorize_url: str) -> str:
        """Press Cancel on the first page; return the path and query that come back to Thor."""
        flow = self._flow(self._browser.get(authorize_url, timeout=10).text)
        parts = urlsplit(self._post("sign-in", flow=flow, choice="cancel").headers["Location"])
        return f"{parts.path}?{parts.query}"

    @staticmethod
    def _flow(page: str) -> str:
        found = re.search(r'name="flow" value="([^"]+)"', page)
        assert found, page
        return found[1]

    def _post(self, step: str, **form: Any) -> requests.Response:
        url = f"{self.url}/v1/oauth/authorize/{step}"
        return self._browser.post(url, data=form, timeout=10, allow_redirects=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def standing_in(log: Path) -> Iterator[StandIn]:
    """Run `python -m simulator` on a free port for the length of a block."""
    port = _free_port()
    own = {
        "SIMULATOR_PORT": str(port),
        "SIMULATOR_CLIENT_ID": settings.SCHWAB_CLIENT_ID,
        "SIMULATOR_CLIENT_SECRET": settings.SCHWAB_CLIENT_SECRET,
        "SIMULATOR_CALLBACKS": settings.SCHWAB_CALLBACK_URL,
        "SIMULATOR_AUTO_FILLS": "0",
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("SIMULATOR_")}
    command = [sys.executable, "-m", "simulator"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=plain | own, stdout=output, stderr=output
        )
    try:
        yield _when_ready(f"http://127.0.0.1:{port}", process, log)
    finally:
        process.terminate()
        process.wait(10)


def _when_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> StandIn:
    """Wait until it answers."""
    standin = StandIn(url)
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            standin.reset()
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return standin
    raise AssertionError(log.read_text())
