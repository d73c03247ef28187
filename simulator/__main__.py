"""Starts the stand-in: `python -m simulator`."""

import os

import uvicorn

from simulator.app import create_app
from simulator.oauth.pages import SECOND_FACTOR
from simulator.settings import settings_from


def main() -> None:
    """Serve until stopped; no access log, since its lines could hold what belongs into no log."""
    settings = settings_from(os.environ)
    print(f"Schwab stand-in on {settings.base_url}: demo / demo, security code {SECOND_FACTOR}", flush=True)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
