"""The token endpoint: Basic auth, form body, and Schwab's peculiar error bodies."""

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from simulator.oauth.store import ACCESS_SECONDS, CLIENT_ACCESS_SECONDS, Login
from simulator.simulation import Simulation, simulation_of
from simulator.wire.answers import WireAnswer
from simulator.wire.errors import bad_code, bad_refresh, oauth_error
from simulator.wire.times import millis

_CODE = re.compile(r"^C0\.[A-Za-z0-9+/=_-]+\.[A-Za-z0-9_.-]+@$")
_HOST = base64.b64encode(b"oauth2.bdc.schwab.com").decode()


def new_code() -> str:
    """A code like Schwab's; its last character is an `@` that the redirect percent-encodes."""
    return f"C0.{_HOST}.{secrets.token_urlsafe(32)}@"


async def token_endpoint(request: Request) -> Response:
    """POST /v1/oauth/token."""
    simulation = simulation_of(request)
    client_id, secret = _basic(request.headers.get("authorization", ""))
    settings = simulation.settings
    known = hmac.compare_digest(client_id.encode(), settings.client_id.encode())
    if not (known and hmac.compare_digest(secret.encode(), settings.client_secret.encode())):
        return oauth_error(401, "invalid_client", "Unauthorized")
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    grant = form.get("grant_type", "")
    if grant == "authorization_code":
        return _exchange(simulation, form)
    if grant == "refresh_token":
        return _refresh(simulation, form)
    if grant == "client_credentials":
        return WireAnswer(_token_body(simulation.store.client_access(), CLIENT_ACCESS_SECONDS))
    return oauth_error(
        400, "unsupported_grant_type", f"400 Bad Request: unsupported grant_type '{grant[:40]}'"
    )


def _basic(header: str) -> tuple[str, str]:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client_id, secret


def _exchange(simulation: Simulation, form: Mapping[str, str]) -> Response:
    code = form.get("code", "")
    record = simulation.store.code(code) if _CODE.match(code) else None
    if record is None:
        return bad_code(f"Invalid authorization code header: {code[:3]}")
    now = simulation.clock.now()
    if now >= record.expires:
        times = f"expiration={millis(record.expires)},now={millis(now)}"
        return bad_code(f"AuthorizationCode has expired,{times}")
    if record.used:
        return bad_code(f"Invalid authorization code header: {code[:3]}")
    if form.get("redirect_uri", "") != record.redirect_uri:
        return oauth_error(400, "invalid_request", "400 Bad Request: Bad redirect_uri")
    login, access = simulation.store.exchange(code)
    return WireAnswer(_token_body(access, ACCESS_SECONDS, login, simulation))


def _refresh(simulation: Simulation, form: Mapping[str, str]) -> Response:
    token = form.get("refresh_token", "")
    renewed = simulation.store.refresh(token, simulation.settings.client_id)
    if renewed is None:
        return bad_refresh(token)
    login, access = renewed
    return WireAnswer(_token_body(access, ACCESS_SECONDS, login, simulation))


def _token_body(
    access: str, seconds: int, login: Login | None = None, simulation: Simulation | None = None
) -> dict[str, object]:
    body: dict[str, object] = {"expires_in": seconds, "token_type": "Bearer", "scope": "api"}
    if login is not None and simulation is not None:
        body["refresh_token"] = login.refresh_token
    body["access_token"] = access
    if login is not None and simulation is not None:
        body["id_token"] = _id_token(login, simulation)
    return body


def _id_token(login: Login, simulation: Simulation) -> str:
    now = int(simulation.clock.now())
    subject = hashlib.sha256(login.login.encode()).hexdigest()[:32]
    claims = {
        "sub": subject,
        "iss": simulation.settings.base_url,
        "aud": login.client_id,
        "iat": now,
        "exp": now + 3600,
    }
    signed = ".".join(_url64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    mac = hmac.new(simulation.settings.client_secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_url64(mac)}"


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
