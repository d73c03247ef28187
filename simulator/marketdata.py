"""Market Data: quotes, market hours and price history."""

import functools
from collections.abc import Awaitable, Callable
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.history_query import answer_history
from simulator.simulation import simulation_of
from simulator.wire.answers import WireAnswer
from simulator.wire.errors import market_bad_request, market_not_found, unauthorized
from simulator.wire.times import eastern_date
from simulator.world.hours import MARKETS, market_json
from simulator.world.instruments import Json
from simulator.world.quotes import quote_json
from simulator.world.views import SECTIONS

BASE = "/marketdata/v1"
MOST_SYMBOLS = 500
_NOTHING = ["/data/attributes/symbols", "/data/attributes/cusips", "/data/attributes/ssids"]

Handler = Callable[[Request, float], Response]


def signed_in(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Let any living access token through and hand over the simulated instant."""

    @functools.wraps(handler)
    async def endpoint(request: Request) -> Response:
        simulation = simulation_of(request)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            source: Json = {"header": "Authorization"}
            return market_bad_request("Missing header", source)
        if scheme.lower() != "bearer" or not simulation.store.is_valid(token):
            return unauthorized()
        return handler(request, simulation.clock.now())

    return endpoint


def _sections(request: Request) -> frozenset[str] | None:
    wanted = frozenset(request.query_params.get("fields", "all").split(","))
    if "all" in wanted:
        return frozenset(SECTIONS)
    return wanted if wanted <= set(SECTIONS) else None


def _bad_fields() -> Response:
    return market_bad_request("Invalid value for fields.", {"parameter": "fields"})


def quotes(request: Request, now: float) -> Response:
    """GET /quotes: keyed by requested symbol, unknown ones under `errors`."""
    symbols = [symbol for symbol in request.query_params.get("symbols", "").split(",") if symbol.strip()]
    if not symbols:
        return market_bad_request("Search combination should have min of 1.", {"pointer": _NOTHING})
    if len(symbols) > MOST_SYMBOLS:
        return market_bad_request(f"Symbols must not exceed {MOST_SYMBOLS}.", {"parameter": "symbols"})
    sections = _sections(request)
    if sections is None:
        return _bad_fields()
    board = simulation_of(request).world.board(now)
    body: Json = {}
    unknown: list[str] = []
    for symbol in dict.fromkeys(symbols):
        entry = quote_json(symbol, board, sections)
        if entry is None:
            unknown.append(symbol)
        else:
            body[symbol] = entry
    if unknown:
        body["errors"] = {"invalidSymbols": unknown}
    return WireAnswer(body)


def one_quote(request: Request, now: float) -> Response:
    """GET /{symbol}/quotes."""
    sections = _sections(request)
    if sections is None:
        return _bad_fields()
    symbol = request.path_params["symbol"]
    entry = quote_json(symbol, simulation_of(request).world.board(now), sections)
    return market_not_found() if entry is None else WireAnswer({symbol: entry})


def markets(request: Request, now: float) -> Response:
    """GET /markets."""
    return _markets(request, now, request.query_params.get("markets", ""))


def one_market(request: Request, now: float) -> Response:
    """GET /markets/{market_id}."""
    return _markets(request, now, request.path_params["market"])


def _markets(request: Request, now: float, wanted: str) -> Response:
    names = [name for name in wanted.split(",") if name]
    if not names or not set(names) <= set(MARKETS):
        return market_bad_request("Invalid value for markets.", {"parameter": "markets"})
    today = eastern_date(now)
    text = request.query_params.get("date")
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        return market_bad_request("Invalid value for date.", {"parameter": "date"})
    if not 0 <= (day - today).days <= 366:
        return market_bad_request("Date must be from today up to one year ahead.", {"parameter": "date"})
    return WireAnswer({name: market_json(name, day) for name in names})


def price_history(request: Request, now: float) -> Response:
    """GET /pricehistory."""
    return answer_history(simulation_of(request).world.market, request.query_params, now)


ROUTES = [
    Route(f"{BASE}/quotes", signed_in(quotes), methods=["GET"]),
    Route(f"{BASE}/markets", signed_in(markets), methods=["GET"]),
    Route(f"{BASE}/markets/{{market}}", signed_in(one_market), methods=["GET"]),
    Route(f"{BASE}/pricehistory", signed_in(price_history), methods=["GET"]),
    Route(f"{BASE}/{{symbol}}/quotes", signed_in(one_quote), methods=["GET"]),
]
