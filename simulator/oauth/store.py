"""Remembers codes, browser logins and tokens; lifetimes are counted by the simulated clock."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from simulator.clock import SimulatedClock

CODE_SECONDS = 30.0
ACCESS_SECONDS = 1800
CLIENT_ACCESS_SECONDS = 3600
LOGIN_SECONDS = 7 * 86400.0


@dataclass(frozen=True)
class Login:
    """One browser login: who, for which app, with which accounts ticked; its refresh token dies with it."""

    login: str
    client_id: str
    accounts: tuple[str, ...]
    refresh_token: str
    since: float
    superseded: bool = False


@dataclass(frozen=True)
class Code:
    """An authorization code; `used` ones are remembered so that they are refused."""

    login: Login
    redirect_uri: str
    expires: float
    used: bool = False


@dataclass(frozen=True)
class Access:
    """An access token's owner (None for the app itself) and end."""

    refresh_token: str | None
    expires: float


class TokenStore:
    """All that OAuth remembers, optionally in a JSON file that survives a restart; `kept` is others'."""

    def __init__(self, clock: SimulatedClock, path: Path | None = None) -> None:
        self._clock = clock
        self._path = path
        self._codes: dict[str, Code] = {}
        self._logins: dict[str, Login] = {}
        self._access: dict[str, Access] = {}
        self.kept: dict[str, Any] = {}
        self._load()

    def new_code(
        self, code: str, login: str, client_id: str, accounts: tuple[str, ...], redirect_uri: str
    ) -> None:
        """Remember a code for a login that just ended in the browser; the 7 days begin here."""
        now = self._clock.now()
        self._codes = {key: old for key, old in self._codes.items() if now - old.expires < LOGIN_SECONDS}
        refresh = secrets.token_urlsafe(64) + "@"
        made = Login(login, client_id, accounts, refresh, now)
        self._codes[code] = Code(made, redirect_uri, now + CODE_SECONDS)

    def code(self, code: str) -> Code | None:
        """The code's record, used or not."""
        return self._codes.get(code)

    def exchange(self, code: str) -> tuple[Login, str]:
        """Use up a code; an older login of the same user and app loses its refresh token. Returns an access token."""
        record = self._codes[code]
        self._codes[code] = replace(record, used=True)
        login = record.login
        long_ago = self._clock.now() - 2 * LOGIN_SECONDS
        self._logins = {token: old for token, old in self._logins.items() if old.since > long_ago}
        for token, other in self._logins.items():
            if (other.login, other.client_id) == (login.login, login.client_id):
                self._logins[token] = replace(other, superseded=True)
        self._logins[login.refresh_token] = login
        return login, self._new_access(login.refresh_token, ACCESS_SECONDS)

    def refresh(self, refresh_token: str, client_id: str) -> tuple[Login, str] | None:
        """A new access token for a living login; None when it ended, was superseded or never was."""
        login = self._logins.get(refresh_token)
        if login is None or login.superseded or login.client_id != client_id:
            return None
        if self._clock.now() >= login.since + LOGIN_SECONDS:
            return None
        return login, self._new_access(refresh_token, ACCESS_SECONDS)

    def client_access(self) -> str:
        """An access token of the app itself, which belongs to no login."""
        return self._new_access(None, CLIENT_ACCESS_SECONDS)

    def holder(self, access_token: str) -> Login | None:
        """Whose living access token this is; None when unknown, expired or the app's own."""
        access = self._access.get(access_token)
        if access is None or access.expires <= self._clock.now() or access.refresh_token is None:
            return None
        return self._logins.get(access.refresh_token)

    def is_valid(self, access_token: str) -> bool:
        """Whether the token lives, the app's own included."""
        access = self._access.get(access_token)
        return access is not None and access.expires > self._clock.now()

    def forget_everything(self) -> None:
        """Log everybody out."""
        self._codes, self._logins, self._access = {}, {}, {}
        self.save()

    def summary(self) -> dict[str, object]:
        """Counts and login ages for the control endpoint; no token is shown."""
        now = self._clock.now()
        living = [login for login in self._logins.values() if not login.superseded]
        return {
            "access_tokens": sum(access.expires > now for access in self._access.values()),
            "logins": [
                {"login": item.login, "client_id": item.client_id, "age_seconds": round(now - item.since, 3)}
                for item in living
            ],
        }

    def _new_access(self, refresh_token: str | None, seconds: float) -> str:
        now = self._clock.now()
        token = f"I0.{secrets.token_urlsafe(48)}@"
        self._access = {key: old for key, old in self._access.items() if old.expires > now}
        self._access[token] = Access(refresh_token, now + seconds)
        self.save()
        return token

    def save(self) -> None:
        """Write logins, access tokens, the clock's offset and `kept`; codes are too short-lived to keep."""
        if self._path is None:
            return
        content = {
            "clock_offset": self._clock.offset,
            "logins": [asdict(login) for login in self._logins.values()],
            "access": {token: asdict(access) for token, access in self._access.items()},
            "kept": self.kept,
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(f".{os.getpid()}.tmp")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file)
        draft.replace(self._path)

    def _load(self) -> None:
        if self._path is None or not self._path.exists():
            return
        content = json.loads(self._path.read_text())
        self._clock.offset = content["clock_offset"]
        for item in content["logins"]:
            login = Login(**{**item, "accounts": tuple(item["accounts"])})
            self._logins[login.refresh_token] = login
        self._access = {token: Access(**item) for token, item in content["access"].items()}
        self.kept = content.get("kept", {})
