"""A real stand-in on a free loopback port, a browser-like walk through its sign-in, and a client's calls."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import uvicorn

from simulator.app import create_app
from simulator.server import server_config
from simulator.settings import DEFAULT_CALLBACK, DEMO_APP, Settings

NOON = "2026-11-24T17:00:00Z"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Wire:
    """One running stand-in as its clients see it."""

    base: str
    http: requests.Session = field(default_factory=requests.Session)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **params: str) -> requests.Response:
        """GET with the bearer token of the last sign-in."""
        return self.http.get(self.base + path, params=params, headers=self.headers, timeout=10)

    def control(self, name: str, **body: Any) -> Any:
        """POST to the control endpoint; returns its JSON."""
        answer = self.http.post(f"{self.base}/_control/{name}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def state(self) -> Any:
        """GET /_control/state."""
        return self.http.get(f"{self.base}/_control/state", timeout=10).json()

    def authorize(self, **changes: str) -> requests.Response:
        """The browser's first request."""
        params = {
            "client_id": DEMO_APP[0],
            "redirect_uri": DEFAULT_CALLBACK,
            "response_type": "code",
        } | changes
        return self.http.get(self.base + "/v1/oauth/authorize", params=params, timeout=10)

    def step(self, name: str, page: requests.Response, **form: Any) -> requests.Response:
        """Send one page's form."""
        found = re.search(r'name="flow" value="([^"]+)"', page.text)
        assert found, page.text
        data = {"flow": found[1], "choice": "go", **form}
        url = f"{self.base}/v1/oauth/authorize/{name}"
        return self.http.post(url, data=data, allow_redirects=False, timeout=10)

    def consent_page(self, login: str = "demo", **changes: str) -> requests.Response:
        """Walk as far as the page with the accounts."""
        page = self.step("sign-in", self.authorize(**changes), login=login, password=login)
        return self.step("second-factor", page, code="123456")

    def redirect(
        self, login: str = "demo", keep: Callable[[str], bool] = bool, **changes: str
    ) -> dict[str, str]:
        """Walk to the end, ticking the accounts that `keep` accepts; the callback's query, decoded once."""
        page = self.consent_page(login, **changes)
        ticked = [number for number in re.findall(r'name="account" value="(\d+)"', page.text) if keep(number)]
        answer = self.step("consent", page, account=ticked)
        assert answer.status_code == 302, answer.text
        query = parse_qs(urlsplit(answer.headers["Location"]).query, strict_parsing=True)
        return {key: values[0] for key, values in query.items()}

    def token(self, auth: tuple[str, str] = DEMO_APP, **form: str) -> requests.Response:
        """POST to the token endpoint."""
        return self.http.post(self.base + "/v1/oauth/token", data=form, auth=auth, headers=FORM, timeout=10)

    def exchange(self, code: str, redirect_uri: str = DEFAULT_CALLBACK) -> requests.Response:
        """First exchange of a code."""
        return self.token(grant_type="authorization_code", code=code, redirect_uri=redirect_uri)

    def refresh(self, token: str) -> requests.Response:
        """Refresh."""
        return self.token(grant_type="refresh_token", refresh_token=token)

    def sign_in(self, login: str = "demo", keep: Callable[[str], bool] = bool) -> dict[str, Any]:
        """Walk, exchange, and use the access token from now on; returns the token body."""
        answer = self.exchange(self.redirect(login, keep)["code"])
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        self.headers = {"Authorization": f"Bearer {body['access_token']}"}
        return body

    def hash_of(self, index: int) -> str:
        """The account hash of a 1-based index."""
        return str(self.state()["accounts"][index - 1]["hash"])


def run(settings: Settings) -> Iterator[Wire]:
    """Serve an app in a thread until the caller is done."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(create_app(settings), "127.0.0.1", 0, log_level="critical"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    wire = Wire(f"http://127.0.0.1:{listener.getsockname()[1]}")
    yield wire
    wire.http.close()
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture(scope="session")
def running() -> Iterator[Wire]:
    """One stand-in for all tests."""
    yield from run(Settings())


@pytest.fixture
def wire(running: Wire) -> Wire:
    """The stand-in as after a start, its clock frozen at noon Eastern of a trading day."""
    running.headers = {}
    running.control("reset", logins=True)
    running.control("clock", freeze=True, set=NOON)
    running.control("calls/reset")
    return running


@pytest.fixture
def state_file(tmp_path: Path) -> Path:
    """Where a stand-in of its own keeps its logins."""
    return tmp_path / "kept" / "simulator.json"
