"""Market Data."""

from starlette.routing import Route

BASE = "/marketdata/v1"
ROUTES: list[Route] = []
