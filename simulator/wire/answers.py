"""Answers with JSON bodies as Schwab writes them: doubles, keys left out rather than null."""

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

_ENCODER = msgspec.json.Encoder()


class WireAnswer(Response):
    """A JSON answer; floats keep their `.0` and their binary noise."""

    media_type = "application/json"

    def __init__(self, content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(_ENCODER.encode(content), status_code=status, headers=headers)


class HtmlPage(Response):
    """An HTML answer of the CDN or of the sign-in pages."""

    media_type = "text/html"
