"""Tells the sockets when a login ends: signing out, a new password, a user switched off or deleted."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_delete, post_init, post_save
from django.dispatch import receiver

from livedata.live import control

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

WATCHED = ("password", "is_active")
REMEMBERED = "_live_login"


def _login_fields(user: "User") -> tuple[Any, ...]:
    """Return what logins depend on, without reading deferred fields."""
    return tuple(user.__dict__.get(name) for name in WATCHED)


@receiver(user_logged_out)
def _signed_out(request: "HttpRequest | None" = None, **_: Any) -> None:
    """End the sockets of this login; the same user's other logins stay."""
    session_key = getattr(getattr(request, "session", None), "session_key", None)
    if session_key:
        control.end_session(session_key)


@receiver(post_init, sender=get_user_model())
def _user_loaded(instance: "User", **_: Any) -> None:
    """Remember what the login depended on when the user was read."""
    setattr(instance, REMEMBERED, _login_fields(instance))


@receiver(post_save, sender=get_user_model())
def _user_saved(instance: "User", created: bool, **_: Any) -> None:
    """End the user's sockets when the password changed or the user was switched off."""
    before, now = getattr(instance, REMEMBERED, None), _login_fields(instance)
    setattr(instance, REMEMBERED, now)
    if not created and before != now:
        _end(instance.pk)


@receiver(post_delete, sender=get_user_model())
def _user_deleted(instance: "User", **_: Any) -> None:
    """End a deleted user's sockets."""
    _end(instance.pk)


def _end(user_id: int) -> None:
    """Say so once it is committed."""
    transaction.on_commit(lambda: control.end_user(user_id))
