"""Faults that answer instead of the app: refusals, throttling, outages, pages of the platform."""

import gzip
from typing import Literal

from starlette.responses import PlainTextResponse, Response

from simulator.faults.kind import Call, Instead
from simulator.wire.answers import HtmlPage, WireAnswer
from simulator.wire.errors import access_denied, gateway_error, route_missing, service_error, unauthorized

Family = Literal["A", "B", "D"]
_LIMITED = "Example text: too many requests."
_UNAVAILABLE = "Service temporarily unavailable"
PAGE = "<!DOCTYPE html>\n<html><head><title>Schwab</title></head><body><h1>One moment, please</h1></body></html>\n"


def home_family(path: str) -> Family:
    """The family that an endpoint's own errors belong to."""
    return "B" if path.startswith("/trader/") else "A"


def failure(family: Family, status: int, title: str, detail: str) -> Response:
    """An error of one status in the family wanted."""
    if family == "A":
        return gateway_error(status, title, detail)
    if family == "B":
        return service_error(status, detail)
    return PlainTextResponse(detail, status)


class Status(Instead):
    """Any status, body and headers."""

    status: int = 500
    body: str = ""
    content_type: str = "application/json"
    headers: dict[str, str] = {}

    def answer(self, call: Call) -> Response:
        """As ordered."""
        return Response(self.body, self.status, self.headers, self.content_type)


class Html(Instead):
    """An HTML page: the CDN's, or one given."""

    status: int = 403
    body: str | None = None

    def answer(self, call: Call) -> Response:
        """The page."""
        return access_denied(call.path) if self.body is None else HtmlPage(self.body, self.status)


class Unauthorized(Instead):
    """The gateway's 401, whatever the token."""

    def answer(self, call: Call) -> Response:
        """Family A."""
        return unauthorized()


class CdnRefusal(Instead):
    """The CDN's 403 page."""

    def answer(self, call: Call) -> Response:
        """HTML that names the path."""
        return access_denied(call.path)


class NotFoundText(Instead):
    """The platform's plain text 404 of a routing outage."""

    def answer(self, call: Call) -> Response:
        """Family D."""
        return route_missing(call.path)


class Throttled(Instead):
    """429; `retry_after` is the header's text or number of seconds, null leaves it out."""

    retry_after: int | float | str | None = 60

    def answer(self, call: Call) -> Response:
        """Family A by convention: nobody has captured one."""
        answer = gateway_error(429, "Too Many Requests", _LIMITED)
        if self.retry_after is not None:
            answer.headers["Retry-After"] = str(self.retry_after)
        return answer


class ServerError(Instead):
    """500 in a family: A, B, or D's plain text."""

    family: Family | None = None

    def answer(self, call: Call) -> Response:
        """The endpoint's own family unless another is wanted."""
        title = "Internal Server Error"
        return failure(
            self.family or home_family(call.path), 500, title, "Example text: an unexpected error."
        )


class BadGateway(Instead):
    """502 with the gateway's fault."""

    def answer(self, call: Call) -> Response:
        """Family D, as of an answer too large."""
        detail = {"errorcode": "protocol.http.TooBigBody"}
        return WireAnswer({"fault": {"faultstring": "Body buffer overflow", "detail": detail}}, 502)


class Unavailable(Instead):
    """503 of an overload or maintenance."""

    family: Literal["A", "B"] | None = None

    def answer(self, call: Call) -> Response:
        """The endpoint's own family unless another is wanted."""
        return failure(self.family or home_family(call.path), 503, "Service Unavailable", _UNAVAILABLE)


class GatewayTimeout(Instead):
    """504 of a proxy in front."""

    def answer(self, call: Call) -> Response:
        """Plain text."""
        return PlainTextResponse("upstream request timeout", 504)


class Redirect(Instead):
    """A redirect; without a `location` to a path of the same host, so that following it is counted."""

    status: Literal[301, 302, 303, 307, 308] = 302
    location: str = "/redirected"

    def answer(self, call: Call) -> Response:
        """No body."""
        return Response(status_code=self.status, headers={"Location": self.location})


class StatusInside(Instead):
    """Family A, where `status` inside the body is a number."""

    status: int = 503
    as_text = False

    def answer(self, call: Call) -> Response:
        """As the gateway writes it."""
        return gateway_error(self.status, "Service Unavailable", _UNAVAILABLE, number_as_text=self.as_text)


class StatusAsText(StatusInside):
    """Family A, where `status` inside the body is text."""

    as_text = True


class EmptyBody(Instead):
    """A good status that promises JSON, with nothing in it."""

    status: int = 200

    def answer(self, call: Call) -> Response:
        """Nothing."""
        return Response(b"", self.status, media_type="application/json")


class HtmlOk(Instead):
    """200 with a page, as of a maintenance notice."""

    def answer(self, call: Call) -> Response:
        """HTML."""
        return HtmlPage(PAGE)


class BadGzip(Instead):
    """`Content-Encoding: gzip` with garbage behind it, a cut stream, or a sound 503 that nobody asked to compress."""

    form: Literal["garbage", "truncated", "error"] = "garbage"
    status: int | None = None

    def answer(self, call: Call) -> Response:
        """By form; only the error is readable."""
        headers = {"Content-Encoding": "gzip"}
        if self.form == "error":
            made = service_error(self.status or 503, _UNAVAILABLE)
            return Response(gzip.compress(bytes(made.body)), made.status_code, headers, "application/json")
        whole = gzip.compress(b'{"securitiesAccount": {"type": "MARGIN"}}' * 40)
        body = (
            whole[: len(whole) // 2] if self.form == "truncated" else b"\x1f\x8b\x08\x00garbage, no deflate"
        )
        return Response(body, self.status or 200, headers, "application/json")
