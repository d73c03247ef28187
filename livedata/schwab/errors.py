"""What can go wrong with Schwab, in words, and whether asking again helps.

Each error carries `code` (a slug), `message` (what happened) and `action` (what the person can do). `retry` says
whether the same request may succeed later without anybody doing anything.
"""


class SchwabError(Exception):
    """Base of all errors of this room."""

    code = "schwab_error"
    retry = False
    message = "Schwab's answer could not be used."
    action = "Thor keeps the last good figures."

    def __init__(
        self, detail: str = "", *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{self.message} {detail}".strip())
        self.detail = detail
        self.status = status
        self.retry_after = retry_after


class SchwabUnreachable(SchwabError):
    """No answer at all: refused, timed out, cut off."""

    code = "schwab_unreachable"
    retry = True
    message = "Schwab did not answer."
    action = "Thor tries again by itself; the last good figures stay."


class SchwabUnavailable(SchwabError):
    """5xx, a gateway's fault, or the platform's own 404: an outage on Schwab's side."""

    code = "schwab_outage"
    retry = True
    message = "Schwab has an outage."
    action = "Thor tries again by itself; the last good figures stay."


class SchwabThrottled(SchwabError):
    """429: too many requests."""

    code = "schwab_throttled"
    retry = True
    message = "Schwab asks for fewer requests."
    action = "Thor waits and tries again by itself."


class HeldBack(SchwabThrottled):
    """Thor's own window of calls is full: no trouble of Schwab's, and over within a minute."""

    code = "held_back"
    message = "Thor keeps to its own limit of calls."
    action = "Thor goes on by itself in a moment."


class SchwabOddAnswer(SchwabError):
    """An answer that is not what the reference describes: HTML, a redirect, cut or malformed JSON."""

    code = "schwab_odd_answer"
    retry = True
    message = "Schwab's answer was not readable."
    action = "Thor tries again by itself; the last good figures stay."


class SchwabRefused(SchwabError):
    """400 or 403: asking the same again will not help."""

    code = "schwab_refused"
    message = "Schwab refused the request."
    action = "If it stays, disconnect and connect Schwab again."


class SchwabNotFound(SchwabError):
    """404 from the API itself: an unknown account hash, order or symbol."""

    code = "schwab_not_found"
    message = "Schwab does not know what was asked for."
    action = "Connect Schwab again, so that Thor learns the accounts anew."


class NotAuthorized(SchwabError):
    """401 even with a token that was refreshed a moment ago."""

    code = "not_authorized"
    message = "Schwab does not accept Thor's sign-in any more, or the app lacks this API product."
    action = "Connect Schwab again. If it comes back, check in Schwab's developer portal that the app has the product."


class ReauthRequired(SchwabError):
    """The 7-day login has ended, was superseded or revoked: only the person can renew it."""

    code = "reauth_required"
    message = "Schwab's sign-in has ended."
    action = "Connect Schwab again."


class NotConnected(SchwabError):
    """There is no connection to use."""

    code = "not_connected"
    message = "Schwab is not connected."
    action = "Connect Schwab."


class ClientRefused(SchwabError):
    """The token endpoint does not accept the app key or secret."""

    code = "client_refused"
    message = "Schwab does not accept the app key or secret."
    action = (
        "Check SCHWAB_CLIENT_ID and SCHWAB_CLIENT_SECRET against Schwab's developer portal and restart Thor."
    )


class AppNotConfigured(SchwabError):
    """No app key or secret in the settings."""

    code = "app_not_configured"
    message = "Thor has no Schwab app key."
    action = "Set SCHWAB_CLIENT_ID and SCHWAB_CLIENT_SECRET and restart Thor."


class EncryptionKeyError(SchwabError):
    """A stored secret cannot be opened, or nothing can be sealed: the key is missing, malformed or another one."""

    code = "encryption_key"
    message = "Stored sign-in data cannot be opened with the configured encryption keys."
    action = "Put the key that sealed it back into TOKEN_ENCRYPTION_KEYS, or connect Schwab again."


class CodeRefused(SchwabError):
    """The token endpoint does not take the authorization code."""

    code = "code_refused"
    message = "Schwab did not accept the sign-in code."
    action = "Start again with Connect Schwab and go through it in one go."


class CodeExpired(CodeRefused):
    """A code lives about 30 seconds."""

    code = "code_expired"
    message = "The sign-in code was older than the 30 seconds that Schwab allows."


class RedirectRefused(SchwabError):
    """The callback address differs from the registered one."""

    code = "redirect_refused"
    message = "Schwab does not know this callback address."
    action = "Make SCHWAB_CALLBACK_URL equal, letter for letter, to the callback registered with Schwab."


class CallbackProblem(SchwabError):
    """Something about the browser's return that is no fault of Schwab's answer; `code` says what."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail)
        self.code = code


OAUTH_REASONS = (
    "denied",
    "state_unknown",
    "state_expired",
    "state_missing",
    "code_missing",
    "code_expired",
    "code_refused",
    "client_refused",
    "redirect_refused",
    "schwab_unreachable",
    "schwab_odd_answer",
    "app_not_configured",
    "encryption_key",
    "not_signed_in",
    "address_unreadable",
)
"""Every reason with which connecting can end; the screen has a sentence for each."""


def oauth_reason(error: SchwabError) -> str:
    """Return the reason slug for an error met while connecting."""
    if error.code in OAUTH_REASONS:
        return error.code
    return "schwab_unreachable" if error.retry else "schwab_odd_answer"
