"""Faults inside good answers: new keys and values, wrong labels, empty lists, numbers that are none."""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

from simulator.faults.answers import PAGE
from simulator.faults.endpoints import fits
from simulator.faults.kind import Call, Kept, Kind

_RAW = {"nan": "NaN", "infinity": "Infinity", "null": "null", "huge": "1E1000000"}
_NUMBERS = ("marketValue", "liquidationValue", "filledQuantity", "netAmount", "mark", "close", "expires_in")


class Altered(Kind):
    """A kind that changes what a good JSON answer says."""

    def alter(self, content: Any, call: Call) -> Any:
        """The content to send (changed in place or another one); None when there is nothing to change in it."""
        raise NotImplementedError

    async def act(self, call: Call) -> bool:
        """Let the app answer, change it, and compress it as the app would have."""
        kept = await call.keep(uncompressed=True)
        content = self.alter(msgspec.json.decode(kept.body), call) if _is_good(kept) else None
        if content is not None:
            kept = Kept(kept.status, kept.headers, msgspec.json.encode(content))
        await call.answer(GZipMiddleware(kept.response(), minimum_size=500, compresslevel=1))
        return content is not None


def _is_good(kept: Kept) -> bool:
    return kept.status == 200 and (b"content-type", b"application/json") in kept.headers


def objects(content: Any) -> Iterator[dict[str, Any]]:
    """Every object in a content, outer ones first."""
    if isinstance(content, dict):
        yield content
        content = list(content.values())
    for item in content if isinstance(content, list) else ():
        yield from objects(item)


def _below(content: Any, maps: int) -> Iterator[dict[str, Any]]:
    """Every object but those of the outermost levels that are maps, whose keys are symbols or markets."""
    if maps == 0:
        yield from list(objects(content))
        return
    for key, inner in content.items():
        if key != "errors":
            yield from _below(inner, maps - 1)


class UnknownKeys(Altered):
    """A key that nobody knows in every object and one new value per enumeration; an empty text leaves its one out."""

    key: str = "unheardOf"
    asset_type: str = "HOLOGRAM"
    order_status: str = "PONDERING"
    account_type: str = "UNIVERSAL"
    transaction_type: str = "TELEPORTATION"

    def alter(self, content: Any, call: Call) -> Any:
        """The first row, the first order, the first account and the first transaction get the new values."""
        found = list(objects(content))
        _set_first(found, "assetType", self.asset_type)
        _set_first([item for item in found if "orderId" in item], "status", self.order_status)
        _set_first([item for item in found if "roundTrips" in item], "type", self.account_type)
        _set_first([item for item in found if "transferItems" in item], "type", self.transaction_type)
        maps = 2 if fits("markets", call.path) else int(fits("quotes", call.path))
        for item in _below(content, maps) if self.key else ():
            item[self.key] = {"since": "tomorrow", "levels": [1, 2]}
        return content if found else None


def _set_first(items: list[dict[str, Any]], key: str, value: str) -> None:
    item = next((item for item in items if key in item), None)
    if item is not None and value:
        item[key] = value


class EmptyList(Altered):
    """A list without its elements; of an object nothing remains."""

    def alter(self, content: Any, call: Call) -> Any:
        """The same kind of thing, empty."""
        return [] if isinstance(content, list) else {}


class BadNumber(Altered):
    """One number of one row replaced: by `nan`, `infinity`, `null`, `huge`, `string` (itself, quoted) or raw text."""

    value: str = "nan"
    key: str | None = None
    symbol: str | None = None

    def alter(self, content: Any, call: Call) -> Any:
        """In the first place that has the key, within the symbol's row when one is named."""
        scope = content if self.symbol is None else _row_of(content, self.symbol)
        for key in (self.key,) if self.key else _NUMBERS:
            item = next((item for item in objects(scope) if key in item), None)
            if item is not None:
                raw = f'"{item[key]}"' if self.value == "string" else _RAW.get(self.value, self.value)
                item[key] = msgspec.Raw(raw.encode())
                return content
        return None


def _row_of(content: Any, symbol: str) -> Any:
    for item in objects(content):
        instrument = item.get("instrument")
        names = (item.get("symbol"), instrument.get("symbol") if isinstance(instrument, dict) else None)
        if symbol in names:
            return item
    return None


class WrongContentType(Kind):
    """JSON that says it is a page, or a page that says it is JSON."""

    form: Literal["json_as_html", "html_as_json"] = "json_as_html"

    async def act(self, call: Call) -> bool:
        """The label lies."""
        if self.form == "html_as_json":
            await call.answer(Response(PAGE, media_type="application/json"))
            return True
        kept = await call.keep()
        label = (b"content-type", b"text/html;charset=utf-8")
        await call.answer(Kept(kept.status, [*kept.without(b"content-type"), label], kept.body).response())
        return True
