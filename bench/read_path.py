"""The read path: `GET /api/positions` from the cache, against the same bytes without any work.

All sides are views of one uvicorn process, started as Thor's own, asked in turn over one kept connection. For
comparison the same views are called in this process too, without server and socket.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory

from actandpos import services
from bench import database, payload
from bench.ratio import Line, Run, best, must, show
from livedata.schwab.normalizers import UnreadableAccount, read_accounts
from thor.launch import servers
from thor.launch.paths import ROOT
from thor.launch.trial import free_port

ROWS, ROUNDS = 1_000, 150
POSITIONS = "/api/positions"


def main() -> None:
    """Measure and print."""
    client = Client()
    client.force_login(_owner())
    answer = client.get(POSITIONS)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), answer.content) as port:
        browser = Browser(port, cookie, answer["ETag"])
        _compare(browser, answer.content)
        bare, signed_in, ours, unchanged = best(
            [
                browser.asks("/bench/bare"),
                browser.asks("/bench/signed-in"),
                browser.asks(POSITIONS),
                browser.asks_again(POSITIONS),
            ],
            rounds=ROUNDS,
        )
        (serializer,) = best([browser.asks("/bench/serializer")], rounds=3)
        inside = _inside(folder, cookie)
    same, size = "the bytes are the same", f"{len(answer.content) // 1024} KB"
    floor = f"a static view, {size}, {bare * 1e3:.2f} ms"
    checked = f"a static view behind the session, {signed_in * 1e3:.2f} ms"
    show(
        f"Read path on {database.vendor()}: {ROWS:,} positions",
        [
            Line("from the cache", ours / signed_in, 2.0, checked, same),
            Line("from the cache", ours / bare, 3.5, floor, same),
            Line("304", unchanged / ours, 1.0, f"the answer from the cache, {ours * 1e3:.2f} ms", "no body"),
            Line("the session check alone", signed_in / bare, None, floor, same),
            Line(
                "from the cache, no server around it",
                inside[2] / inside[1],
                None,
                "the same of " + checked,
                same,
            ),
            Line("a ModelSerializer", serializer / bare, None, floor, "quantity and value of each row"),
        ],
    )


def _owner() -> User:
    """Return a user with one account of many positions."""
    owner, now = User.objects.create_user("read path"), datetime.now(UTC)
    account = services.ensure_account(
        owner=owner, broker="schwab", identity="read path", display_name="Read", account_type="MARGIN"
    )
    (reading,) = read_accounts(payload.accounts(ROWS, 1), now, now)
    if isinstance(reading, UnreadableAccount):
        raise SystemExit(reading.reason)
    services.apply_snapshot(account, reading.snapshot)
    return owner


def _inside(folder: str, cookie: str) -> list[float]:
    """Return the times of a static view, the same behind the session, and ours, called as WSGI in this process."""
    os.environ["BENCH_BODY"] = f"{folder}/body"
    settings.ROOT_URLCONF = "bench.urls"
    application = get_wsgi_application()

    def asks(path: str) -> Run:
        given = RequestFactory(HTTP_COOKIE=cookie, HTTP_HOST="127.0.0.1").get(path).environ

        def run() -> None:
            answer = application(dict(given), _started)
            b"".join(answer)
            answer.close()  # as a server does when it has sent everything

        return run

    return best([asks(path) for path in ("/bench/bare", "/bench/signed-in", POSITIONS)], rounds=ROUNDS)


def _started(status: str, *_: object) -> Callable[[bytes], object]:
    """Stand for the server that is told how an answer begins."""
    must(status == "200 OK", status)
    return len


class Browser:
    """One signed-in keep-alive connection."""

    def __init__(self, port: int, cookie: str, tag: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers, self._tag = {"Cookie": cookie}, tag

    def get(self, path: str, **more: str) -> tuple[int, bytes]:
        """Return status and body."""
        self._line.request("GET", path, headers={**self._headers, **more})
        answer = self._line.getresponse()
        return answer.status, answer.read()

    def asks(self, path: str) -> Run:
        """Return a run that asks for an address."""
        return lambda: self.get(path)

    def asks_again(self, path: str) -> Run:
        """Return a run that asks whether an address has changed."""
        return lambda: self.get(path, **{"If-None-Match": self._tag})

    @property
    def tag(self) -> str:
        """The tag of what it has."""
        return self._tag


@contextmanager
def served(folder: Path, body: bytes) -> Iterator[int]:
    """Run the web process for the length of a block and yield its port."""
    port, content = free_port(), folder / "body"
    content.write_bytes(body)
    words = [sys.executable, "-m", "uvicorn", "bench.asgi:application", "--port", str(port)]
    words += ["--no-access-log", "--log-level", "warning", "--lifespan", "off"]
    env = {**os.environ, "BENCH_BODY": str(content)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
            preexec_fn=servers.end_with_parent(),  # noqa: PLW1509 (this process has one thread)
        )
    try:
        _wait(process, port)
        yield port
    finally:
        servers.end(process)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server answers."""
    for _ in range(600):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", "/healthz/live")
            line.getresponse().read()
        except OSError:
            must(process.poll() is None, "the server has ended")
            time.sleep(0.05)
        else:
            return
        finally:
            line.close()
    raise SystemExit("the server did not start")


def _compare(browser: Browser, body: bytes) -> None:
    """Check that every side says the same."""
    for path in ("/bench/bare", "/bench/signed-in", POSITIONS):
        must(browser.get(path) == (200, body), f"{path} answers something else")
    must(browser.get(POSITIONS, **{"If-None-Match": browser.tag}) == (304, b""), "no 304")
    ours = {row["symbol"]: row for row in json.loads(body)["positions"]}
    theirs = json.loads(browser.get("/bench/serializer")[1])
    must(len(ours) == len(theirs) == ROWS, "rows are missing")
    for row in theirs:
        for name in ("quantity", "market_value"):
            must(Decimal(row[name]) == Decimal(ours[row["symbol"]][name]), f"{name} differs")
