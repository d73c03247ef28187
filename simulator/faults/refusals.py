"""Faults of the token endpoint: refused refreshes and codes, each in every variant that has been reported."""

from typing import ClassVar, Literal

from starlette.responses import Response

from simulator.faults.kind import Call, Instead
from simulator.wire.errors import bad_code, bad_refresh, oauth_error


class RefusedRefresh(Instead):
    """A refresh that is refused: as today, in two older ways, in one of another kind, or for a wrong secret."""

    home: ClassVar[tuple[str, ...]] = ("token",)
    grant: ClassVar[str] = "refresh_token"
    variant: Literal[
        "authentication_error", "invalid_client", "invalid_client_401", "invalid_grant", "secret"
    ] = "authentication_error"

    def answer(self, call: Call) -> Response:
        """Family C, the reason where the variant has it."""
        if self.variant == "authentication_error":
            return bad_refresh("example")
        if self.variant == "invalid_grant":
            return oauth_error(400, "invalid_grant", "Invalid refresh token: null")
        if self.variant == "secret":
            return oauth_error(401, "invalid_client", "Unauthorized")
        inner = '{"error_description":"refresh token invalid","error":"refresh_token_invalid"}'
        status = 401 if self.variant == "invalid_client_401" else 400
        return oauth_error(status, "invalid_client", f'{status} : "{inner}"')


class ExpiredCode(Instead):
    """A code that came too late, or one that the endpoint cannot read, or a callback that is another."""

    home: ClassVar[tuple[str, ...]] = ("token",)
    grant: ClassVar[str] = "authorization_code"
    variant: Literal["expired", "malformed", "redirect_uri"] = "expired"

    def answer(self, call: Call) -> Response:
        """Family C; the times are of no real code."""
        if self.variant == "redirect_uri":
            return oauth_error(400, "invalid_request", "400 Bad Request: Bad redirect_uri")
        if self.variant == "malformed":
            return bad_code("Invalid authorization code header: C0.")
        return bad_code("AuthorizationCode has expired,expiration=1778769030000,now=1778769072345")
