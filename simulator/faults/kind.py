"""What every kind of fault has in common: its options, where it is at home, and the call that it spoils."""

from dataclasses import dataclass
from typing import ClassVar

import msgspec
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer of the app that was kept back."""

    status: int
    headers: Headers
    body: bytes

    def without(self, *names: bytes) -> Headers:
        """Its headers but those of some (lower-case) names."""
        return [pair for pair in self.headers if pair[0].lower() not in names]

    def response(self) -> Response:
        """It as an answer again, its length counted anew."""
        made = Response(self.body, self.status)
        length = [pair for pair in made.raw_headers if pair[0] == b"content-length"]
        made.raw_headers = [*self.without(b"content-length"), *length]
        return made


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the wire and the app that would answer it properly."""

    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send

    @property
    def path(self) -> str:
        """The path asked for."""
        return str(self.scope["path"])

    async def answer(self, response: ASGIApp) -> None:
        """Send an answer instead of the app's."""
        await response(self.scope, self.receive, self.send)

    async def keep(self, uncompressed: bool = False) -> Kept:
        """Let the app answer into a drawer; `uncompressed` hides from it that the client takes gzip."""
        scope = self.scope
        if uncompressed:
            headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope = {**scope, "headers": headers}
        start: list[Message] = []
        body = bytearray()

        async def drawer(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.append(message)
            else:
                body.extend(message.get("body", b""))

        await self.app(scope, self.receive, drawer)
        return Kept(start[0]["status"], list(start[0]["headers"]), bytes(body))


class Kind(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One kind of fault; its fields are its options. `home` are the endpoints it is laid on when none is named.

    A kind with a `grant` spoils only token requests of that grant.
    """

    home: ClassVar[tuple[str, ...]] = ("/",)
    grant: ClassVar[str] = ""

    async def act(self, call: Call) -> bool:
        """Spoil the call; False when there was nothing to spoil and the proper answer went out."""
        raise NotImplementedError


class Instead(Kind):
    """A kind that answers without asking the app."""

    def answer(self, call: Call) -> Response:
        """The answer."""
        raise NotImplementedError

    async def act(self, call: Call) -> bool:
        """Send it."""
        await call.answer(self.answer(call))
        return True
