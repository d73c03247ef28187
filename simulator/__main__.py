"""Starts the stand-in: `python -m simulator`."""

import contextlib
import os

import uvicorn
from starlette.applications import Starlette

from simulator.app import create_app
from simulator.oauth.pages import SECOND_FACTOR
from simulator.server import server_config
from simulator.settings import settings_from
from simulator.simulation import Simulation
from simulator.world.snapshot import account_json


def main() -> None:
    """Serve until stopped."""
    settings = settings_from(os.environ)
    app = create_app(settings)
    warm(app)
    print(f"Schwab stand-in on {settings.base_url}: demo / demo, security code {SECOND_FACTOR}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(server_config(app, settings.host, settings.port)).run()


def warm(app: Starlette) -> None:
    """Work out each account once, so that the first caller does not wait for what is remembered afterwards."""
    simulation: Simulation = app.state.simulation
    board = simulation.world.board(simulation.clock.now())
    for account in simulation.world.accounts:
        account_json(simulation.world, account, board, with_positions=True)


if __name__ == "__main__":
    main()
