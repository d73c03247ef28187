"""Who is asking."""

from typing import TYPE_CHECKING

from rest_framework.exceptions import NotAuthenticated

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest
    from rest_framework.request import Request


def signed_in(request: "Request | HttpRequest") -> "User":
    """Return the user who is signed in.

    Raises:
        NotAuthenticated: nobody is (401).
    """
    if not request.user.is_authenticated:
        raise NotAuthenticated
    return request.user
