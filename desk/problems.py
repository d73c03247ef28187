"""One shape for every error of the API: `{"detail": sentence, "code": slug}`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_exception_handler


class Problem(exceptions.APIException):
    """An error to answer with: HTTP status, slug and sentence."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail=detail, code=code)
        self.status_code = status


def problem(status: int, code: str, detail: str) -> JsonResponse:
    """Return the error answer for views that are not DRF's."""
    return JsonResponse({"detail": detail, "code": code}, status=status)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Give DRF's errors the one shape; field errors become one sentence."""
    response = rest_exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, Http404):
        response.data = {"detail": str(exc) or "There is nothing here for you.", "code": "not_found"}
    elif isinstance(exc, PermissionDenied):
        response.data = {"detail": str(exc) or "That is not for you.", "code": "permission_denied"}
    elif isinstance(exc, exceptions.ValidationError):
        response.data = {"detail": _sentence(exc.detail), "code": "invalid"}
    elif isinstance(exc, exceptions.APIException):
        codes = exc.get_codes()
        response.data = {
            "detail": str(exc.detail),
            "code": codes if isinstance(codes, str) else exc.default_code,
        }
    return response


def _sentence(detail: Any) -> str:
    """Flatten DRF's nested field errors into `field: message; …`."""
    if isinstance(detail, dict):
        return "; ".join(f"{name}: {_sentence(value)}" for name, value in detail.items())
    if isinstance(detail, list):
        return " ".join(_sentence(value) for value in detail)
    return str(detail)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
    """Answer a login that was tried too often (called by django-axes)."""
    return problem(429, "locked_out", "Too many failed sign-ins. Wait a quarter of an hour, then try again.")
