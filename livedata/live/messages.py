"""Every message of the socket: what a browser may ask, what it is told, and what the bus hands on."""

from typing import Any

import msgspec
from msgspec import Struct

BOOK, LATEST, SNAPSHOT, REPLY, GAP, CLOSE = "book", "latest", "snapshot", "reply", "gap", "close"
"""How a message waits: book messages queue, latest ones replace each other, snapshots replace their channel."""
NEWEST_WINS = frozenset({"marks", "quote", "quotes"})

DETAILS = {
    "not_json": "The message is not JSON text.",
    "bad_request": 'A message has an "action" and a list of "channels".',
    "too_large": "The message is larger than allowed.",
    "unknown_action": "The actions are subscribe and unsubscribe.",
    "unknown_channel": "There is no such channel.",
    "too_many_channels": "No more channels are allowed on one socket.",
    "unavailable": "The snapshot cannot be read now. Subscribe again in a while.",
}
ENDINGS = {
    "disconnected": "The account was disconnected from its broker.",
    "gone": "The account is no longer there.",
}
CLOSE_SIGNED_OUT, CLOSE_TOO_MANY, CLOSE_TRY_LATER = 4401, 4429, 1013
REASONS = {
    CLOSE_SIGNED_OUT: "signed out",
    CLOSE_TOO_MANY: "too many sockets",
    CLOSE_TRY_LATER: "try again later",
}

Event = dict[str, Any]


class Message(Struct):
    """A message on its way to browsers. One object serves them all: `event` is what the server is handed."""

    kind: str
    event: Event
    channel: str = ""
    version: int = 0
    seq: int | None = None


class Head(Struct):
    """What must be known of a message of the bus; the rest is handed on unread."""

    type: str
    version: int = 0
    seq: int | None = None


class Request(Struct):
    """What a browser may send."""

    action: str
    channels: list[str]


_head = msgspec.json.Decoder(Head)
_request = msgspec.json.Decoder(Request)
_encoder = msgspec.json.Encoder()


class BadRequest(Exception):
    """A message that cannot be acted on; `code` tells why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text_event(text: str) -> Event:
    """Return the server's event for a text frame."""
    return {"type": "websocket.send", "text": text}


def from_bus(channel: str, data: bytes) -> Message:
    """Wrap a message of the bus. Raises `msgspec.MsgspecError` or `UnicodeDecodeError` when it is none of ours."""
    head = _head.decode(data)
    kind = LATEST if head.type in NEWEST_WINS else BOOK
    return Message(kind, text_event(data.decode()), channel, head.version, head.seq)


def from_book(channel: str, text: str, version: int) -> Message:
    """Wrap a snapshot."""
    return Message(SNAPSHOT, text_event(text), channel, version)


def read_request(text: str) -> Request:
    """Read what a browser sent. Raises `BadRequest`."""
    try:
        return _request.decode(text)
    except msgspec.ValidationError as error:
        raise BadRequest("bad_request") from error
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        raise BadRequest("not_json") from error


def said(**fields: Any) -> Event:
    """Return the event for a message of our own."""
    return text_event(_encoder.encode(fields).decode())


def reply(kind: str, **fields: Any) -> Message:
    """Return an answer to one browser."""
    return Message(REPLY, said(type=kind, **fields))


def error(code: str, channel: str | None = None) -> Message:
    """Return a typed error."""
    return reply("error", code=code, detail=DETAILS[code], channel=channel)


def ended(channels: list[str], code: str) -> Message:
    """Tell that subscriptions were ended by the server."""
    return reply("ended", channels=channels, code=code, detail=ENDINGS[code])


def gap(channel: str, version: int) -> Message:
    """Tell that messages up to a version were dropped: subscribe anew."""
    return Message(GAP, said(type="gap", channel=channel, version=version), channel, version)


def bus_state(up: bool) -> Message:
    """Tell whether the bus is there; only the newest such word counts."""
    return Message(LATEST, said(type="bus", state="up" if up else "down"), "bus")


def close(code: int) -> Message:
    """Close the socket."""
    return Message(CLOSE, {"type": "websocket.close", "code": code, "reason": REASONS[code]})
