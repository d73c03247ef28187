"""Connecting: the one-time state, the authorize address, and the token endpoint's two grants."""

import base64
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from livedata.schwab import errors, transport
from livedata.schwab.answers import seconds_asked
from livedata.schwab.limiter import THROTTLE_PAUSE, limiter
from livedata.schwab.models import OAuthState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

STATE_LIFE = timedelta(minutes=10)
TOKEN_PATH = "/v1/oauth/token"  # noqa: S105 (an address)
AUTHORIZE_PATH = "/v1/oauth/authorize"
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class TokenAnswer(msgspec.Struct, frozen=True):
    """The token endpoint's success body (reference §1.5). `expires_in` is in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int = 1800

    def usable(self) -> bool:
        """Tell whether both tokens can travel in a header and the life is a sensible one."""
        both = (self.access_token, self.refresh_token)
        fit = all(token and token.isascii() and token.isprintable() for token in both)
        return fit and 0 < self.expires_in <= 86400


class OAuthErrorBody(msgspec.Struct, frozen=True):
    """The token endpoint's error body (§1.7); the real reason hides inside the description."""

    error: str = ""
    error_description: str = ""


class Return(msgspec.Struct, frozen=True):
    """What Schwab's redirect carries back."""

    code: str = ""
    state: str = ""
    error: str = ""


def _digest(text: str) -> str:
    """Return what is stored of a state or session key: enough to recognise it, useless to replay."""
    return sha256(text.encode()).hexdigest()


def start(user: "User", session_key: str) -> str:
    """Begin a sign-in: void the session's older one and return Schwab's authorize address.

    Raises:
        AppNotConfigured: there is no app key.
    """
    if not settings.SCHWAB_CLIENT_ID or not settings.SCHWAB_CLIENT_SECRET:
        raise errors.AppNotConfigured
    state = secrets.token_urlsafe(32)
    with transaction.atomic():
        OAuthState.objects.filter(session_digest=_digest(session_key)).delete()
        OAuthState.objects.create(
            owner=user,
            state_digest=_digest(state),
            session_digest=_digest(session_key),
            created_at=timezone.now(),
        )
    query = {
        "client_id": settings.SCHWAB_CLIENT_ID,
        "redirect_uri": settings.SCHWAB_CALLBACK_URL,
        "response_type": "code",
        "state": state,
    }
    return f"{settings.SCHWAB_BASE_URL}{AUTHORIZE_PATH}?{urlencode(query)}"


def read_address(address: str) -> Return:
    """Read `code`, `state` and `error` from a callback's address or bare query, decoding it exactly once.

    Raises:
        CallbackProblem: `address_unreadable`.
    """
    try:
        parts = urlsplit(address.strip())
        fields = parse_qs(parts.query or (parts.path if "=" in parts.path else ""), max_num_fields=20)
    except ValueError as error:
        raise errors.CallbackProblem("address_unreadable") from error
    first = {name: values[0] for name, values in fields.items()}
    found = Return(first.get("code", ""), first.get("state", ""), first.get("error", ""))
    if found == Return():
        raise errors.CallbackProblem("address_unreadable")
    return found


def redeem_state(user: "User", session_key: str, found: Return) -> None:
    """Use up the one-time state that this user's session started with.

    Raises:
        CallbackProblem: `state_missing`, `state_unknown` (foreign, replayed, voided), `state_expired`, `denied` or
            `code_missing`. The state is used up in the last three cases too.
    """
    if not found.state:
        raise errors.CallbackProblem("state_missing")
    rows = OAuthState.objects.filter(
        owner=user, session_digest=_digest(session_key), state_digest=_digest(found.state)
    )
    with transaction.atomic():
        created_at = rows.values_list("created_at", flat=True).first()
        # The delete decides: of two answers with one state only one removes the row.
        if created_at is None or not rows.delete()[0]:
            raise errors.CallbackProblem("state_unknown")
    if timezone.now() - created_at > STATE_LIFE:
        raise errors.CallbackProblem("state_expired")
    if found.error:
        raise errors.CallbackProblem("denied")
    if not found.code:
        raise errors.CallbackProblem("code_missing")


def exchange_code_for_tokens(code: str) -> TokenAnswer:
    """Trade the authorization code for tokens (§1.5). One try: a code lives 30 seconds and works once.

    Raises:
        CodeExpired, CodeRefused, RedirectRefused, ClientRefused, SchwabUnreachable, SchwabOddAnswer.
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": settings.SCHWAB_CALLBACK_URL}
    answer = _post(form)
    if answer.status == 200:
        return _tokens(answer)
    body = _error_body(answer)
    said = body.error_description
    if answer.status == 401 or body.error == "invalid_client":
        raise errors.ClientRefused(status=answer.status)
    if "has expired" in said:
        raise errors.CodeExpired(status=answer.status)
    if "redirect" in said.lower():
        raise errors.RedirectRefused(status=answer.status)
    raise errors.CodeRefused(status=answer.status)


def refresh_tokens(refresh_token: str) -> TokenAnswer:
    """Ask for a new access token (§1.5, §1.6). The refresh token comes back unchanged.

    Raises:
        ReauthRequired: the refresh token is refused, whichever of the variants of §1.7 says so.
        ClientRefused: the app key or secret is wrong, which a new login would not mend.
        SchwabUnreachable, SchwabUnavailable, SchwabThrottled, HeldBack, SchwabOddAnswer: try again later.
    """
    limiter.admit(watched=True)
    answer = _post({"grant_type": "refresh_token", "refresh_token": refresh_token})
    if answer.status == 200:
        return _tokens(answer)
    body = _error_body(answer)
    said = f"{body.error} {body.error_description}".lower().replace("_", " ")
    if body.error == "invalid_client" and "refresh token" not in said:
        raise errors.ClientRefused(status=answer.status)
    raise errors.ReauthRequired(status=answer.status)


def _post(form: dict[str, str]) -> transport.Answer:
    """Post a form to the token endpoint with the app's Basic authorization; sort out what is not an OAuth answer."""
    if not settings.SCHWAB_CLIENT_ID or not settings.SCHWAB_CLIENT_SECRET:
        raise errors.AppNotConfigured
    pair = f"{settings.SCHWAB_CLIENT_ID}:{settings.SCHWAB_CLIENT_SECRET}"
    headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    answer = transport.request("POST", settings.SCHWAB_BASE_URL + TOKEN_PATH, headers=headers, data=form)
    if answer.status == 429:
        pause = seconds_asked(answer.headers.get("retry-after", ""))
        limiter.hold(pause or THROTTLE_PAUSE)
        raise errors.SchwabThrottled(status=429, retry_after=pause)
    if answer.status >= 500:
        raise errors.SchwabUnavailable(status=answer.status)
    return answer


def _tokens(answer: transport.Answer) -> TokenAnswer:
    """Decode the success body."""
    try:
        tokens = msgspec.json.decode(answer.body, type=TokenAnswer)
    except UNREADABLE as error:
        raise errors.SchwabOddAnswer(
            "The sign-in answer was not what Schwab describes.", status=200
        ) from error
    if not tokens.usable():
        raise errors.SchwabOddAnswer("The sign-in answer had no usable tokens.", status=200)
    return tokens


def _error_body(answer: transport.Answer) -> OAuthErrorBody:
    """Decode the error body; HTML or anything without `error` says nothing about tokens or codes."""
    try:
        body = msgspec.json.decode(answer.body, type=OAuthErrorBody)
    except UNREADABLE as error:
        raise errors.SchwabOddAnswer("The sign-in server sent a page.", status=answer.status) from error
    if not body.error:
        raise errors.SchwabOddAnswer("The sign-in server named no reason.", status=answer.status)
    return body
