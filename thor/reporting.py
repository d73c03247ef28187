"""What an error page may tell, with DEBUG too: the way through the code, never a value that was on it.

Django's own page shows local variables, the query and the address: sign-in codes, tokens, Authorization headers.
"""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

UNSAID = {"QUERY_STRING", "REQUEST_URI", "RAW_URI", "HTTP_REFERER"}


class Discreet(SafeExceptionReporterFilter):
    """Hides every value, whatever DEBUG says."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Always."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """Name what was posted."""
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request is not None else {}

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        """Name a frame's variables."""
        return dict.fromkeys(tb_frame.f_locals, self.cleansed_substitute).items()

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        """Leave out what holds the query."""
        meta = super().get_safe_request_meta(request)
        return {name: value for name, value in meta.items() if name not in UNSAID}


class DiscreetReporter(ExceptionReporter):
    """Tells the address without its query."""

    def get_traceback_data(self) -> dict[str, Any]:
        """Return what the page is made of."""
        data = super().get_traceback_data()
        if self.request is not None:
            data["request_GET_items"] = [(name, Discreet.cleansed_substitute) for name in self.request.GET]
            data["request_insecure_uri"] = self.request.path
        return data
