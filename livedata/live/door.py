"""The handshake: which page asks, and for whom."""

import io
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.http import is_same_domain

Scope = dict[str, Any]
SECURE = {"ws": "http", "wss": "https"}


class Handshake:
    """What Django makes of a handshake: host, scheme behind a proxy, and cookies are read as for any request."""

    def __init__(self, scope: Scope) -> None:
        http = {**scope, "method": "GET", "scheme": SECURE.get(scope.get("scheme", "ws"), "http")}
        self._request = ASGIRequest(http, io.BytesIO())

    @property
    def session_key(self) -> str | None:
        """Return the session cookie."""
        return self._request.COOKIES.get(settings.SESSION_COOKIE_NAME) or None

    def from_our_page(self) -> bool:
        """Tell whether a page of ours asks: Origin is this host's own, or one of CSRF_TRUSTED_ORIGINS.

        Browsers send cookies along with any page's handshake, and always say which page it is: without Origin
        nobody gets in.
        """
        origin = self._request.headers.get("Origin")
        if not origin:
            return False
        try:
            host = self._request.get_host()
        except DisallowedHost:
            return False
        return origin == f"{self._request.scheme}://{host}" or _is_trusted(origin)


def _is_trusted(origin: str) -> bool:
    """Tell whether the settings trust an origin, as Django's CSRF check would."""
    trusted = CsrfViewMiddleware(lambda request: None)  # type: ignore[arg-type]  # only its lists are read
    if origin in trusted.allowed_origins_exact:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    subdomains = trusted.allowed_origin_subdomains.get(parts.scheme, ())
    return any(is_same_domain(parts.netloc, host) for host in subdomains)
