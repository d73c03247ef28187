"""One HTTP request to Schwab: a reused session, a total deadline, no redirects, and what went wrong in our words."""

import logging
import threading
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy

import requests
import urllib3
from django.conf import settings
from msgspec import Struct

from livedata.schwab.deadline import Deadline, WatchedAdapter
from livedata.schwab.errors import SchwabOddAnswer, SchwabUnreachable

CONNECT_SECONDS = 5.0
LARGEST_BODY = 64 * 1024 * 1024
CHUNK = 65536
TOO_LONG = "The answer took too long."
NOT_TRUSTED = "The TLS certificate was not accepted."

_local = threading.local()
# The library's own lines name the address, and ours carry account hashes; what matters is said by our errors.
logging.getLogger("urllib3").setLevel(logging.ERROR)


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
        # One thread serves many people: what a server remembers of one must not be shown with another's token.
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.mount("https://", WatchedAdapter())
        session.mount("http://", WatchedAdapter())
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
    keep_redirect: bool = False,
) -> Answer:
    """Send one request and read the whole answer within `deadline` seconds (default `THOR_HTTP_DEADLINE`).

    A redirect is never followed; with `keep_redirect` it is an answer like any other.

    Raises:
        SchwabUnreachable: nothing came, not in time, or the line was cut.
        SchwabOddAnswer: a redirect, an undecodable or an endless body.
    """
    seconds = deadline or settings.THOR_HTTP_DEADLINE
    with Deadline(seconds) as limit:
        # Raised without the cause: its text names the address, which may carry what must not be logged.
        try:
            with _session().request(
                method,
                url,
                headers=dict(headers),
                params=params,
                data=data,
                timeout=(min(CONNECT_SECONDS, seconds), seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                answer = _answer(response, keep_redirect)
        except (requests.exceptions.ContentDecodingError, urllib3.exceptions.DecodeError):
            raise SchwabOddAnswer("Its compression was broken.") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise SchwabUnreachable(TOO_LONG if limit.passed else _words(error)) from None
        if limit.passed:  # a body without a length just ends when its line is shut
            raise SchwabUnreachable(TOO_LONG)
    return answer


def _answer(response: requests.Response, keep_redirect: bool) -> Answer:
    """Read the answer to its end; a redirect is none, unless it is wanted."""
    if not keep_redirect and 300 <= response.status_code < 400:
        raise SchwabOddAnswer("It was a redirect, which Thor does not follow.", status=response.status_code)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, _read(response))


def _read(response: requests.Response) -> bytes:
    """Read the body as it arrives, up to a limit."""
    parts, size = [], 0
    while chunk := response.raw.read1(CHUNK, decode_content=True):
        size += len(chunk)
        if size > LARGEST_BODY:
            raise SchwabOddAnswer(f"It was larger than {LARGEST_BODY >> 20} MiB.")
        parts.append(chunk)
    return b"".join(parts)


def _words(error: Exception) -> str:
    """Say what happened without the address: a query may carry what must not be logged."""
    text = str(error).lower()
    if isinstance(error, requests.exceptions.SSLError):
        return NOT_TRUSTED if "certificate" in text else "The other end does not speak TLS as it should."
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
        return TOO_LONG
    if "failed to resolve" in text:
        return "Its name could not be looked up."
    if isinstance(error, requests.ConnectionError) and "refused" in text:
        return "The connection was refused."
    return "The connection was cut."
