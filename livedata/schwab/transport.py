"""One HTTP request to Schwab: a reused session, a total deadline, no redirects, and what went wrong in our words."""

import threading
import time
from collections.abc import Mapping

import requests
import urllib3
from django.conf import settings
from msgspec import Struct

from livedata.schwab.errors import SchwabOddAnswer, SchwabUnreachable

CONNECT_SECONDS = 5.0
LARGEST_BODY = 64 * 1024 * 1024
CHUNK = 65536

_local = threading.local()


class Answer(Struct, frozen=True):
    """What came back, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_json(self) -> bool:
        """Whether the answer calls itself JSON."""
        return "json" in self.headers.get("content-type", "").lower()

    @property
    def text(self) -> str:
        """The body as text, for people: at most 500 characters."""
        return self.body[:500].decode("utf-8", "replace")


def _session() -> requests.Session:
    """Return this thread's session; requests does not promise that threads may share one."""
    if not hasattr(_local, "session"):
        session = requests.Session()
        session.trust_env = False  # no .netrc: it would put its own Authorization over ours
        session.headers["Accept"] = "application/json"
        _local.session = session
    return _local.session


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    data: Mapping[str, str] | None = None,
    deadline: float | None = None,
) -> Answer:
    """Send one request and read the whole answer within `deadline` seconds (default `THOR_HTTP_DEADLINE`).

    Raises:
        SchwabUnreachable: nothing came, not in time, or the line was cut.
        SchwabOddAnswer: a redirect, an undecodable or an endless body.
    """
    ends = time.monotonic() + (deadline or settings.THOR_HTTP_DEADLINE)
    try:
        with _session().request(
            method,
            url,
            headers=dict(headers),
            params=params,
            data=data,
            timeout=(CONNECT_SECONDS, _left(ends)),
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.is_redirect or 300 <= response.status_code < 400:
                raise SchwabOddAnswer(
                    "It was a redirect, which Thor does not follow.", status=response.status_code
                )
            body = _read(response, ends)
            return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body)
    except (requests.exceptions.ContentDecodingError, urllib3.exceptions.DecodeError) as error:
        raise SchwabOddAnswer("Its compression was broken.") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise SchwabUnreachable(_words(error)) from error


def _left(ends: float) -> float:
    """Return the seconds left until the deadline."""
    left = ends - time.monotonic()
    if left <= 0:
        raise SchwabUnreachable("The answer took too long.")
    return left


def _read(response: requests.Response, ends: float) -> bytes:
    """Read the body as it arrives; a server that drips bytes meets the deadline instead of the read time-out."""
    parts, size = [], 0
    while chunk := response.raw.read1(CHUNK, decode_content=True):
        size += len(chunk)
        if size > LARGEST_BODY:
            raise SchwabOddAnswer("It was larger than 64 MiB.")
        parts.append(chunk)
        _left(ends)
    return b"".join(parts)


def _words(error: Exception) -> str:
    """Say what happened without the address: a query may carry what must not be logged."""
    if isinstance(error, requests.exceptions.SSLError):
        return "The TLS certificate was not accepted."
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
        return "The answer took too long."
    if isinstance(error, requests.ConnectionError) and "refused" in str(error).lower():
        return "The connection was refused."
    return "The connection was cut."
