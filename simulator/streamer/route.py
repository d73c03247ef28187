"""Where the streamer is reached: `/ws` on the stand-in's own port."""

from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from simulator.streamer.session import Session

PATH = "/ws"


class Streamer:
    """The ASGI app of the WebSocket."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Session(scope["app"].state.simulation, scope, receive, send).run()


ROUTES = [WebSocketRoute(PATH, Streamer())]
