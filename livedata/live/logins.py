"""Who is behind a socket: the session at the handshake, and whether it still holds later."""

import hashlib
from collections.abc import Collection, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from msgspec import Struct

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.base import SessionBase


class Login(Struct, frozen=True):
    """A user's session as it was at the handshake."""

    user_id: int
    session_key: str
    session_hash: str

    @property
    def session_digest(self) -> str:
        """Return what other processes know the session by."""
        return digest_of(self.session_key)


def digest_of(session_key: str) -> str:
    """Return a digest of a session's key; the key itself opens the session and stays here."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def _store() -> "type[SessionBase]":
    """Return the session store that Django is set to use."""
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store


def login_of(session_key: str) -> Login | None:
    """Return the login behind a session cookie; None when there is none.

    Django's own `get_user` renews or ends a session here and there; a socket cannot hand out the new cookie.
    """
    session = _store()(session_key)
    backend: str = session.get(auth.BACKEND_SESSION_KEY, "")
    session_hash: str = session.get(auth.HASH_SESSION_KEY, "")
    if auth.SESSION_KEY not in session or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    user_id = get_user_model()._meta.pk.to_python(session[auth.SESSION_KEY])
    user = auth.load_backend(backend).get_user(user_id)
    if user is None or not _hash_holds(user, session_hash):
        return None
    return Login(user.pk, session_key, session_hash)


def _hash_holds(user: "User", session_hash: str) -> bool:
    """Tell whether a session's hash fits the user's password."""
    good = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session_hash, each) for each in good)


def no_longer_valid(logins: Collection[Login]) -> set[Login]:
    """Return the logins that ended: session gone, user gone or inactive, password changed. Two queries."""
    rows = get_user_model().objects.filter(pk__in={login.user_id for login in logins}, is_active=True)
    users: dict[int, Any] = {user.pk: user for user in rows}
    sessions = _alive({login.session_key for login in logins})
    good = {
        login
        for login in logins
        if login.session_key in sessions
        and login.user_id in users
        and _hash_holds(users[login.user_id], login.session_hash)
    }
    return set(logins) - good


def _alive(session_keys: Iterable[str]) -> set[str]:
    """Return the sessions that still exist: with one query where Django keeps them in the database."""
    store = _store()
    if not hasattr(store, "get_model_class"):
        return {key for key in session_keys if store().exists(key)}
    rows = store.get_model_class().objects.filter(
        session_key__in=session_keys, expire_date__gt=timezone.now()
    )
    return set(rows.values_list("session_key", flat=True))
