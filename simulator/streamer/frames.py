"""Reads request frames and writes the three kinds of frames that the streamer sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import msgspec

from simulator.world.instruments import Json

_ENCODER = msgspec.json.Encoder()


class Code(IntEnum):
    """Response codes by the guide's names."""

    SUCCESS = 0
    LOGIN_DENIED = 3
    SERVICE_NOT_AVAILABLE = 11
    CLOSE_CONNECTION = 12
    REACHED_SYMBOL_LIMIT = 19
    STREAM_CONN_NOT_FOUND = 20
    BAD_COMMAND_FORMAT = 21
    FAILED_COMMAND_SUBS = 22
    FAILED_COMMAND_UNSUBS = 23
    FAILED_COMMAND_ADD = 24
    FAILED_COMMAND_VIEW = 25
    STOP_STREAMING = 30


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; `malformed` when it lacks what every request needs. Parameters are text by name."""

    service: str
    command: str
    requestid: str
    customer: str
    correl: str
    parameters: Mapping[str, str]
    malformed: bool = False


def read_frame(text: str | bytes) -> list[Ask]:
    """The requests of a frame, or of a bare request object; one malformed request for what cannot be read."""
    try:
        content = msgspec.json.decode(text)
    except msgspec.DecodeError:
        content = None
    rows = content.get("requests", [content]) if isinstance(content, dict) else [content]
    return [_read(row) for row in rows if isinstance(rows, list)] or [_read(None)]


def _read(row: object) -> Ask:
    given = row if isinstance(row, dict) else {}
    parameters = given.get("parameters", {})
    texts = [
        given.get(key, "") for key in ("service", "command", "SchwabClientCustomerId", "SchwabClientCorrelId")
    ]
    identifier = given.get("requestid", "")
    whole = (
        all(isinstance(text, str) for text in texts)
        and bool(texts[0] and texts[1])
        and isinstance(identifier, str | int)
        and isinstance(parameters, dict)
        and all(isinstance(value, str) for value in parameters.values())
    )
    service, command, customer, correl = (text if isinstance(text, str) else "" for text in texts)
    return Ask(service, command, str(identifier), customer, correl, parameters if whole else {}, not whole)


def response(ask: Ask, at: int, code: Code, text: str) -> str:
    """The answer to one request."""
    row = {
        "service": ask.service,
        "command": ask.command,
        "requestid": ask.requestid,
        "SchwabClientCorrelId": ask.correl,
        "timestamp": at,
        "content": {"code": code, "msg": text},
    }
    return _written({"response": [row]})


def heartbeat(at: int) -> str:
    """A sign of life; its milliseconds are text."""
    return _written({"notify": [{"heartbeat": str(at)}]})


def ending(at: int, service: str, code: Code, text: str) -> str:
    """Why the server is about to close."""
    row = {"service": service, "timestamp": at, "content": {"code": code, "msg": text}}
    return _written({"notify": [row]})


def data(at: int, services: Mapping[str, Sequence[Json]]) -> str:
    """What changed, by service."""
    rows = [
        {"service": name, "timestamp": at, "command": "SUBS", "content": content}
        for name, content in services.items()
    ]
    return _written({"data": rows})


def _written(content: object) -> str:
    return _ENCODER.encode(content).decode()
