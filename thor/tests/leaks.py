"""Looks for secrets in everything that leaves Thor: what is secret, where it must not be, and in which disguises."""

import base64
import json
import logging
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import redis
from django.contrib.sessions.models import Session
from django.db import connection as database

from livedata.schwab import transport
from livedata.schwab.models import BrokerConnection, LinkedAccount

STREAMER_IDS = ("schwabClientCustomerId", "schwabClientCorrelId")
SECRETS_OF = ("/oauth/token", "/userPreference")


class Canaries:
    """Every secret that was met, by name."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def add(self, name: str, value: object) -> None:
        """Remember a secret."""
        if isinstance(value, str) and len(value) >= 6:
            self.names[value] = name

    def listen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Learn what Schwab says and what is said to it, below everything that could leak it."""
        send = transport.request

        def request(method: str, url: str, **options: Any) -> transport.Answer:
            for header in options["headers"].values():
                if " " in header:
                    self.add("an Authorization header", header.split(" ", 1)[1])
            self.add("a code", (options.get("data") or {}).get("code"))
            answer = send(method, url, **options)
            if url.endswith(SECRETS_OF) and answer.is_json:
                self._read(json.loads(answer.body))
            return answer

        monkeypatch.setattr(transport, "request", request)

    def _read(self, body: Any) -> None:
        """Take tokens and the streamer's ids out of an answer."""
        if isinstance(body, list):
            for each in body:
                self._read(each)
        if isinstance(body, dict):
            for name, value in body.items():
                if ("token" in name and name != "token_type") or name in STREAMER_IDS:
                    self.add(name, value)
                self._read(value)

    def read_rows(self) -> None:
        """Take what is sealed in the database."""
        for row in BrokerConnection.objects.all():
            self.add("the access token", row.access_token)
            self.add("the refresh token", row.refresh_token)
        for link in LinkedAccount.objects.all():
            self.add("an account number", link.number)
            self.add("an account hash", link.hash_value)

    def found_in(self, text: str) -> list[str]:
        """Return which secrets a text holds, plain, encoded for an address, or in base64."""
        return sorted({name for form, name in self._forms() if form in text and self._counts(form, text)})

    def _forms(self) -> Iterable[tuple[str, str]]:
        for value, name in self.names.items():
            forms = {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]}
            forms |= {base64.b64encode(value.encode()).decode().rstrip("="), value.lstrip("0")}
            yield from ((form, name) for form in forms)

    @staticmethod
    def _counts(form: str, text: str) -> bool:
        """Digits inside longer digits are another number."""
        if not form.isdecimal():
            return True
        return re.search(rf"(?<!\d){form}(?!\d)", text) is not None


class Log(logging.Handler):
    """Writes down every record of every logger, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it; arguments too, which a handler of another kind would show."""
        self.lines.append(f"{self.format(record)} {record.args!r}")


def all_of_redis(client: redis.Redis) -> str:
    """Return every key with its content, whatever its kind."""
    reads: dict[bytes, Any] = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"hash": client.hgetall,
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1, withscores=True),
    }
    parts: list[str] = []
    for key in client.scan_iter():
        kind: Any = client.type(key)
        text = f"{key!r} {reads[kind](key)!r}"
        parts.append(text)
        # A message's body lies in base64 inside JSON.
        parts += [
            base64.b64decode(body).decode() for body in re.findall(r'"body": "([A-Za-z0-9+/=]+)"', text)
        ]
    return "\n".join(parts)


def all_of_the_database() -> str:
    """Return every column of every table as text, sessions decoded; of SQLite its very bytes too."""
    parts: list[str] = []
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            parts += [repr(row) for row in cursor.fetchall()]
    parts += [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    if database.vendor == "sqlite":
        for end in ("", "-wal"):
            with open(f"{database.settings_dict['NAME']}{end}", "rb") as file:
                parts.append(file.read().decode("latin-1"))
    return "\n".join(parts)
