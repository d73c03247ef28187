"""The wire's error families: gateway (A), Trader ServiceError (B), OAuth (C) and platform (D)."""

import base64
import hashlib
import uuid
from html import escape

from starlette.responses import PlainTextResponse, Response

from simulator.wire.answers import HtmlPage, WireAnswer


def gateway_error(
    status: int,
    title: str,
    detail: str | None = None,
    source: dict[str, object] | None = None,
    number_as_text: bool = False,
) -> Response:
    """Family A; `status` inside the body is a string in some of Schwab's answers and a number in others."""
    error: dict[str, object] = {
        "id": str(uuid.uuid4()),
        "status": str(status) if number_as_text else status,
        "title": title,
    }
    if detail is not None:
        error["detail"] = detail
    if source is not None:
        error["source"] = source
    return WireAnswer({"errors": [error]}, status)


def unauthorized() -> Response:
    """The 401 of both APIs."""
    return gateway_error(401, "Unauthorized", "Client not authorized")


def market_bad_request(detail: str, source: dict[str, object]) -> Response:
    """Market Data's 400."""
    return gateway_error(400, "Bad Request", detail, source, number_as_text=True)


def market_not_found() -> Response:
    """Market Data's 404 for one unknown symbol."""
    return gateway_error(404, "Not Found", number_as_text=True)


def service_error(status: int, message: str, *details: str) -> Response:
    """Family B: the Trader API's own errors."""
    body: dict[str, object] = {"message": message}
    if details:
        body["errors"] = list(details)
    return WireAnswer(body, status)


def oauth_error(status: int, error: str, description: str) -> Response:
    """Family C."""
    return WireAnswer({"error": error, "error_description": description}, status)


def wrapped_oauth_error(inner_description: str, inner_error: str) -> Response:
    """Family C as the token endpoint writes it: the real reason inside a badly escaped fragment."""
    fragment = f'{{"error_description":"{inner_description}","error":"{inner_error}"}}'
    return oauth_error(400, "unsupported_token_type", f'400 Bad Request: "{fragment}"')


def bad_code(reason: str) -> Response:
    """A code that was refused."""
    return wrapped_oauth_error(f"Bad authorization code: {reason} ", "invalid_request")


def bad_refresh(token: str) -> Response:
    """A refresh token that expired, was revoked, superseded or mistyped."""
    digest = base64.b64encode(hashlib.sha256(token.encode()).digest()).decode()
    reason = (
        f"Exception while authenticating refresh token [tokenDigest={digest}, "
        f"Exception=Failed refresh token authentication [tokenDigest={digest}]]"
    )
    return wrapped_oauth_error(reason, "refresh_token_authentication_error")


def route_missing(path: str) -> Response:
    """Family D: the platform's plain text for a route that it does not know."""
    return PlainTextResponse(f"404 Not Found: Requested route ('{path}') does not exist.", 404)


def access_denied(path: str) -> Response:
    """Family D: the CDN's HTML page, typical of a callback that is not the registered one."""
    text = (
        "<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\n"
        f"You don't have permission to access &quot;{escape(path)}&quot; on this server.<P>\n"
        f"Reference&#32;&#35;{uuid.uuid4().hex[:24]}\n</BODY>\n</HTML>\n"
    )
    return HtmlPage(text, 403)
