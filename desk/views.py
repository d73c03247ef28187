"""Signing in and out over HTTP."""

from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from desk.authentication import SessionAuthentication
from desk.people import signed_in
from desk.problems import Problem
from desk.serializers import LoginSerializer, ProblemSerializer, SessionSerializer
from desk.services import record_event

LOGIN_PROBLEMS = (400, 403, 405, 415, 429)
"""Wrong words, no CSRF token, another method, another content type, tried too often."""


def _session(request: Request) -> dict[str, object]:
    """Return who is signed in, with a CSRF token for the next unsafe request."""
    user = request._request.user
    return {
        "authenticated": user.is_authenticated,
        "username": user.get_username() if user.is_authenticated else None,
        "csrf_token": get_token(request._request),
    }


@method_decorator(never_cache, name="dispatch")
class SessionView(APIView):
    """Who am I?"""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="session", responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        """Tell who is signed in; sets the CSRF cookie."""
        return Response(_session(request))


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class LoginView(APIView):
    """Sign in. DRF exempts anonymous requests from CSRF, so the check is asked for here, its refusal as JSON."""

    permission_classes = [AllowAny]
    authentication_classes: list[type] = []

    @extend_schema(
        operation_id="login",
        request=LoginSerializer,
        responses={200: SessionSerializer, **dict.fromkeys(LOGIN_PROBLEMS, ProblemSerializer)},
    )
    def post(self, request: Request) -> Response:
        """Open a session for the right name and password."""
        SessionAuthentication().enforce_csrf(request)
        form = LoginSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = authenticate(request._request, **form.validated_data)
        if user is None:
            raise Problem(400, "invalid_credentials", "That name and password do not belong together.")
        login(request._request, user)
        record_event(user, "login")
        return Response(_session(request))


@method_decorator(never_cache, name="dispatch")
class LogoutView(APIView):
    """Sign out."""

    @extend_schema(operation_id="logout", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Close the session."""
        record_event(signed_in(request), "logout")
        logout(request._request)
        return Response(status=204)
