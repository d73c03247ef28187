"""Puts the stand-in together: routes and the layers around them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from simulator import control, marketdata, trader, trader_writes
from simulator.autofills import AutoFills
from simulator.calls import CountCalls
from simulator.clock import SimulatedClock
from simulator.correl import CorrelId
from simulator.faults.middleware import Misbehave
from simulator.oauth import pages
from simulator.oauth.flows import Flows
from simulator.oauth.store import TokenStore
from simulator.oauth.tokens import token_endpoint
from simulator.settings import Settings
from simulator.simulation import Simulation
from simulator.streamer import route as streamer
from simulator.streamer.hub import Hub, Pace
from simulator.wire.errors import route_missing
from simulator.world.world import World

OAUTH_ROUTES = [
    Route("/v1/oauth/authorize", pages.authorize, methods=["GET"]),
    Route("/v1/oauth/authorize/sign-in", pages.sign_in, methods=["POST"]),
    Route("/v1/oauth/authorize/second-factor", pages.second_factor, methods=["POST"]),
    Route("/v1/oauth/authorize/consent", pages.consent, methods=["POST"]),
    Route("/v1/oauth/token", token_endpoint, methods=["POST"]),
]


async def _no_route(request: Request, problem: Exception) -> Response:
    return route_missing(request.url.path)


@asynccontextmanager
async def _alive(simulation: Simulation) -> AsyncIterator[None]:
    """What runs by itself while the app is served."""
    if not simulation.settings.auto_fills:
        yield
        return
    task = asyncio.create_task(AutoFills(simulation, simulation.settings.auto_fill_seconds).run())
    yield
    task.cancel()


def create_app(settings: Settings) -> Starlette:
    """A whole stand-in with a world of its own."""
    clock = SimulatedClock()
    store = TokenStore(clock, settings.state_path)
    hub = Hub(Pace(heartbeat_seconds=settings.heartbeat_seconds))
    simulation = Simulation(
        settings, clock, store, Flows(), World(settings.seed, begins=settings.begins), hub=hub
    )
    simulation.recall()
    wire: list[BaseRoute] = [*OAUTH_ROUTES, *trader.ROUTES, *trader_writes.ROUTES, *marketdata.ROUTES]
    app = Starlette(
        routes=[*wire, *streamer.ROUTES, *control.ROUTES],
        middleware=[
            Middleware(CountCalls, counter=simulation.calls, routes=wire),
            Middleware(CorrelId),
            Middleware(Misbehave, faults=simulation.faults),
            Middleware(GZipMiddleware, minimum_size=500, compresslevel=1),
        ],
        lifespan=lambda app: _alive(simulation),
        exception_handlers={404: _no_route, 405: _no_route},
    )
    app.router.redirect_slashes = False
    app.state.simulation = simulation
    return app
