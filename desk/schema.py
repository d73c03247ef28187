"""How the API's schema describes the session login."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class SessionScheme(OpenApiAuthenticationExtension):
    """The session cookie."""

    target_class = "desk.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the OpenAPI security scheme."""

        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
