"""Session login for the API, told apart as 401 (sign in) and 403 (not allowed)."""

from rest_framework.authentication import SessionAuthentication as RestSessionAuthentication
from rest_framework.request import Request


class SessionAuthentication(RestSessionAuthentication):
    """Django's session with CSRF. DRF turns 401 into 403 where a scheme names no challenge, so we name one."""

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge that goes with a 401."""
        return "Session"
