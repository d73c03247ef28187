"""A client of the streamer for the tests: sends requests, collects frames, merges what changes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from simulator.tests.conftest import Wire

EQUITIES, OPTIONS, ACTIVITY = "LEVELONE_EQUITIES", "LEVELONE_OPTIONS", "ACCT_ACTIVITY"
Row = dict[str, Any]


class Stream:
    """One connection; `quotes` holds the merged state per symbol, `seen` every row of content as it came."""

    def __init__(self, socket: ClientConnection, info: Row, token: str) -> None:
        self.socket, self.info, self.token = socket, info, token
        self.quotes: dict[str, Row] = {}
        self.activity: list[Row] = []
        self.seen: list[Row] = []
        self.notices: list[Row] = []
        self._count = 0

    def request(self, service: str, command: str, **parameters: str) -> Row:
        """One request as Schwab wants it."""
        self._count += 1
        return {
            "requestid": str(self._count),
            "service": service,
            "command": command,
            "SchwabClientCustomerId": self.info["schwabClientCustomerId"],
            "SchwabClientCorrelId": self.info["schwabClientCorrelId"],
            "parameters": parameters,
        }

    def send(self, *requests: Row) -> None:
        """Send a frame."""
        self.socket.send(json.dumps({"requests": requests}))

    def ask(self, service: str, command: str, **parameters: str) -> Row:
        """Send one request; the content of its answer."""
        self.send(self.request(service, command, **parameters))
        return self.answer()

    def answer(self) -> Row:
        """The content of the next answer."""
        while True:
            frame = self.receive()
            if "response" in frame:
                content: Row = frame["response"][0]["content"]
                return content

    def login(self, **changes: str) -> Row:
        """LOGIN with the sign-in's token unless another is given."""
        given = {"Authorization": self.token, "SchwabClientChannel": "N9", "SchwabClientFunctionId": "APIAPP"}
        return self.ask("ADMIN", "LOGIN", **(given | changes))

    def receive(self, timeout: float = 10) -> Row:
        """The next frame, its data merged."""
        frame: Row = json.loads(self.socket.recv(timeout=timeout))
        for part in frame.get("data", []):
            for row in part["content"]:
                self.seen.append(row)
                if part["service"] == ACTIVITY:
                    self.activity.append(row)
                else:
                    self.quotes.setdefault(row["key"], {}).update(row)
        self.notices += frame.get("notify", [])
        return frame

    def until(self, reached: Any) -> None:
        """Receive until a condition holds."""
        while not reached():
            self.receive()

    def until_closed(self) -> ConnectionClosed:
        """Receive until the connection ends; how it did."""
        try:
            while True:
                self.receive()
        except ConnectionClosed as ending:
            return ending

    def types(self) -> list[str]:
        """Field 2 of every activity message so far."""
        return [row["2"] for row in self.activity]


@contextmanager
def streaming(wire: Wire, login: bool = True) -> Iterator[Stream]:
    """A connection for whoever signed in last, logged in unless not wanted."""
    info = wire.get("/trader/v1/userPreference").json()["streamerInfo"][0]
    with connect(info["streamerSocketUrl"], compression=None, max_size=None) as socket:
        stream = Stream(socket, info, wire.headers["Authorization"].split()[1])
        if login:
            assert stream.login()["code"] == 0
        yield stream


def connections(wire: Wire) -> list[Row]:
    """The streamer's living connections as control tells."""
    found: list[Row] = wire.http.get(f"{wire.base}/_control/stream", timeout=10).json()["connections"]
    return found
