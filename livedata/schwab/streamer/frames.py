"""The streamer's frames as pure functions: requests to be sent, and what arrives (reference §5.2, §5.3)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from livedata.schwab.streamer.fields import ACTIVITY, ACTIVITY_FIELDS, ACTIVITY_KEY, ADMIN, field_list

Change = dict[str, Any]
"""One symbol's changed fields by number: decimals exact from the text, integers as such; `key` is the symbol."""
LONGEST_NUMBER, LONGEST_TEXT = 15, 32
"""Digits before and after the point that a figure may have, and characters in all."""
EARLIEST_MS, LATEST_MS = (
    946_684_800_000,
    4_102_444_800_000,
)  # 2000 and 2100: anything else is no time of a quote


class Door(Struct, frozen=True, rename="camel"):
    """`streamerInfo[0]` of §2.6: where to connect and how to call oneself there."""

    streamer_socket_url: str = ""
    schwab_client_customer_id: str = ""
    schwab_client_correl_id: str = ""
    schwab_client_channel: str = ""
    schwab_client_function_id: str = ""


class Content(Struct, frozen=True):
    """Code and message of an answer or a notice."""

    code: int
    msg: str = ""


class Response(Struct, frozen=True):
    """The answer to one command."""

    service: str = ""
    command: str = ""
    requestid: str | int = ""
    content: Content | None = None


class Notice(Struct, frozen=True):
    """A heartbeat, or the server's word that it ends the connection."""

    heartbeat: str | int | None = None
    content: Content | None = None


class Data(Struct, frozen=True):
    """Changes of one service; `timestamp` is the streamer's clock in milliseconds since 1970."""

    service: str
    content: list[Change] = []
    timestamp: object = None


class Frame(Struct, frozen=True):
    """Everything that one message brought."""

    response: list[Response] = []
    notify: list[Notice] = []
    data: list[Data] = []


class UnreadableFrame(Exception):
    """A message that is not what §5.3 describes. Its text is never shown: it may carry an account number."""


_frame = msgspec.json.Decoder(Frame, float_hook=Decimal)
_encoder = msgspec.json.Encoder()


def read_frame(raw: bytes | str) -> Frame:
    """Read one message. Raises `UnreadableFrame`."""
    try:
        return _frame.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError) as error:
        raise UnreadableFrame(type(error).__name__) from None


class Requests:
    """Makes the requests of one connection; every one gets the next number."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._last = -1

    def login(self, access_token: str) -> tuple[str, bytes]:
        """Return the number and the text of LOGIN: the token goes without `Bearer`."""
        door = self._door
        return self._request(
            ADMIN,
            "LOGIN",
            Authorization=access_token,
            SchwabClientChannel=door.schwab_client_channel,
            SchwabClientFunctionId=door.schwab_client_function_id,
        )

    def subscribe(self, service: str, keys: Iterable[str]) -> tuple[str, bytes]:
        """Return SUBS, which replaces all keys of the service."""
        return self._request(service, "SUBS", keys=",".join(keys), fields=field_list(service))

    def add(self, service: str, keys: Iterable[str]) -> tuple[str, bytes]:
        """Return ADD."""
        return self._request(service, "ADD", keys=",".join(keys), fields=field_list(service))

    def unsubscribe(self, service: str, keys: Iterable[str]) -> tuple[str, bytes]:
        """Return UNSUBS."""
        return self._request(service, "UNSUBS", keys=",".join(keys))

    def view(self, service: str) -> tuple[str, bytes]:
        """Return VIEW, which changes the service's list of fields."""
        return self._request(service, "VIEW", fields=field_list(service))

    def activity(self) -> tuple[str, bytes]:
        """Return the subscription to the activity of all accounts: SUBS only (§5.7)."""
        return self._request(ACTIVITY, "SUBS", keys=ACTIVITY_KEY, fields=ACTIVITY_FIELDS)

    def logout(self) -> tuple[str, bytes]:
        """Return LOGOUT."""
        return self._request(ADMIN, "LOGOUT")

    def _request(self, service: str, command: str, **parameters: str) -> tuple[str, bytes]:
        self._last += 1
        number = str(self._last)
        request = {
            "requestid": number,
            "service": service,
            "command": command,
            "SchwabClientCustomerId": self._door.schwab_client_customer_id,
            "SchwabClientCorrelId": self._door.schwab_client_correl_id,
            "parameters": parameters,
        }
        return number, _encoder.encode({"requests": [request]})


def number(value: object) -> Decimal | None:
    """Return a field's number, None when it is none or too long to be a price, a size or a volume."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        return None
    if value and not -LONGEST_NUMBER <= value.adjusted() < LONGEST_NUMBER:
        return None
    return value if len(str(value)) <= LONGEST_TEXT else None


def moment(value: object) -> datetime | None:
    """Return a field's time in UTC; 0 and what cannot be a time are None."""
    if not isinstance(value, int) or not EARLIEST_MS <= value < LATEST_MS:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)


def text(value: object) -> str | None:
    """Return a field's text, None when it is none."""
    return value if isinstance(value, str) else None
